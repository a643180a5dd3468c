using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Says once when nothing of the pool has been heard for long, and when it is heard again.</summary>
/// <param name="link">What the transport goes by: while that is away it is told as such, and not as the pool's silence. Null where there is none.</param>
/// <param name="observer">Is told.</param>
/// <param name="time">The clock.</param>
internal sealed class SilenceWatch(TransportLink? link, IMinerObserver observer, TimeProvider time)
{
    /// <summary>A pool publishes its state once a minute even when nothing happens: two of them are missing.</summary>
    public static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private long last = time.GetTimestamp();
    private bool isTold;

    /// <summary>The pool was not heard for long, and that was told.</summary>
    public bool IsTold
    {
        get
        {
            lock (gate)
            {
                return isTold;
            }
        }
    }

    /// <summary>Something that the pool has signed was heard.</summary>
    public void Heard()
    {
        lock (gate)
        {
            var silence = time.GetElapsedTime(last);
            last = time.GetTimestamp();
            if (isTold)
            {
                isTold = false;
                observer.PoolBack(silence);
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Every, time, cancellationToken);
            Look();
        }
    }

    private void Look()
    {
        lock (gate)
        {
            var silence = time.GetElapsedTime(last);
            if (!isTold && silence > LongSilence && link?.Current.IsUp != false)
            {
                isTold = true;
                observer.PoolSilent(silence);
            }
        }
    }
}
