using System.Buffers;
using System.IO.Pipelines;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>Reads lines of bytes from an endless body. A line beyond the limit is skipped to its end and counted, never kept.</summary>
internal sealed class LineReader(Stream body, int maxBytes) : IAsyncDisposable
{
    private readonly PipeReader pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
    private bool skipping;

    /// <summary>Lines that were too long.</summary>
    public long Skipped { get; private set; }

    /// <summary>The next line, without its end; null at the end of the body.</summary>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                var kept = !skipping && line.Length <= maxBytes ? line.ToArray() : null;
                pipe.AdvanceTo(buffer.GetPosition(1, end));
                if (kept is not null)
                {
                    return kept;
                }

                Skipped += skipping ? 0 : 1;
                skipping = false;
                continue;
            }

            if (buffer.Length > maxBytes || skipping)
            {
                Skipped += skipping ? 0 : 1;
                skipping = true;
                pipe.AdvanceTo(buffer.End);
            }
            else
            {
                pipe.AdvanceTo(buffer.Start, buffer.End);
            }

            if (result.IsCompleted)
            {
                return null; // A line without an end was cut off: it says nothing.
            }
        }
    }

    public ValueTask DisposeAsync() => pipe.CompleteAsync();
}
