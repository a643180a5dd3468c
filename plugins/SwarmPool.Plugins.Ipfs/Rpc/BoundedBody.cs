using System.Buffers;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>Reads a body up to a limit, however many bytes come; what is set aside grows with what came, not with what was promised.</summary>
internal static class BoundedBody
{
    private const int Step = 64 * 1024;

    /// <exception cref="TransportException"><see cref="TransportFault.TooLarge"/>: there are more.</exception>
    public static async Task<byte[]> ReadAsync(Stream body, int maxBytes, string what, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(Step, maxBytes + 1));
        var filled = 0;
        try
        {
            while (true)
            {
                if (filled == buffer.Length)
                {
                    Grow(ref buffer, filled, maxBytes);
                }

                var room = Math.Min(buffer.Length, maxBytes + 1L) - filled;
                var read = await body.ReadAsync(buffer.AsMemory(filled, (int)room), cancellationToken);
                if (read == 0)
                {
                    return buffer.AsSpan(0, filled).ToArray();
                }

                filled += read;
                if (filled > maxBytes)
                {
                    throw new TransportException(TransportFault.TooLarge, $"{what} has more than {maxBytes} bytes; no more are read.");
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer, int filled, int maxBytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer.Length * 2L, maxBytes + 1L));
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
