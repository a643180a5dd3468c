namespace SwarmPool.Plugins.Ens.Rpc;

/// <summary>Reads a body up to a limit, whether its length is promised or not.</summary>
internal static class ChainRpcBody
{
    /// <summary>The body, or null when there is more, or more is promised, than allowed.</summary>
    /// <exception cref="IOException">It broke off.</exception>
    public static async Task<byte[]?> ReadAsync(HttpContent body, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            await body.LoadIntoBufferAsync(maxBytes, cancellationToken);
            return await body.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return null;
        }
        catch (HttpRequestException e) when (e.InnerException is IOException cause)
        {
            throw new IOException(cause.Message, cause); // Its words say what happened; those around it say only that it did while copying.
        }
    }
}
