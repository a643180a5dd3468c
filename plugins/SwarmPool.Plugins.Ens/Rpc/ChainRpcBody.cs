namespace SwarmPool.Plugins.Ens.Rpc;

/// <summary>Reads a body up to a limit, however many bytes were promised.</summary>
internal static class ChainRpcBody
{
    private const int Step = 16 * 1024;

    /// <summary>The body, or null when it has more bytes than allowed.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            return null;
        }

        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[Math.Min(Step, maxBytes + 1)];
        var filled = 0;
        while (true)
        {
            var read = await body.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            filled += read;
            if (filled > maxBytes)
            {
                return null;
            }

            if (read == 0)
            {
                return buffer.AsMemory(0, filled);
            }

            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, maxBytes + 1L));
            }
        }
    }
}
