namespace SwarmPool.Plugins.ChatClient.Upstream;

/// <summary>A server's answer as it comes: no more than allowed, no silence longer than allowed, and what breaks off has a name. For reading, once.</summary>
/// <param name="inner">The answer; disposed with this.</param>
/// <param name="limits">The limits.</param>
/// <param name="endpoint">Who answers.</param>
/// <param name="time">The clock of the silence.</param>
/// <param name="ended">The run's end, which every read heeds: libraries don't pass it on.</param>
internal sealed class HttpBody(Stream inner, BodyLimits limits, UpstreamEndpoint endpoint, TimeProvider time, CancellationToken ended) : Stream
{
    private long count;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = new CancellationTokenSource(limits.Idle, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended, silence.Token);
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, any.Token);
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested && !ended.IsCancellationRequested)
        {
            throw ChatFault.Make(ChatFault.TimedOut, $"{endpoint} has said nothing for {limits.Idle.TotalSeconds} s in the middle of its answer (limits.idle_seconds).");
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or ObjectDisposedException && !ended.IsCancellationRequested)
        {
            throw ChatFault.Make(ChatFault.Incomplete, $"The answer of {endpoint} broke off after {count} bytes: {endpoint.Clean(fault.Message).TrimEnd('.')}.");
        }

        count += read;
        return count <= limits.Bytes
            ? read
            : throw ChatFault.Make(ChatFault.TooLarge, $"{endpoint} sent more than {limits.Bytes} bytes, which no answer within the limits of model.json has.");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Where a library waits for the next byte it blocks a thread of the pool's; the limits end that, too.
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
