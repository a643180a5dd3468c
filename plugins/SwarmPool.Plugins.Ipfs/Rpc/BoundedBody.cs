using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>Reads a body up to a limit, whether its length is promised or not.</summary>
internal static class BoundedBody
{
    /// <exception cref="TransportException"><see cref="TransportFault.TooLarge"/>: there is more, or more is promised.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent body, int maxBytes, string what, CancellationToken cancellationToken)
    {
        try
        {
            await body.LoadIntoBufferAsync(maxBytes, cancellationToken);
            return await body.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            var much = body.Headers.ContentLength is { } promised ? $"{promised} bytes; at most {maxBytes} are read" : $"more than {maxBytes} bytes; no more are read";
            throw new TransportException(TransportFault.TooLarge, $"{what} has {much}.", e);
        }
        catch (HttpRequestException e) when (e.InnerException is IOException cause)
        {
            throw new IOException(cause.Message, cause); // Its words say what happened; those around it say only that it did while copying.
        }
    }
}
