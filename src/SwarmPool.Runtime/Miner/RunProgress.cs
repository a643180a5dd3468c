using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>How far a running job is, as its backend last said.</summary>
internal sealed class RunProgress(Cid job, IMinerObserver observer) : IProgress<int>
{
    private int percent = -1;

    /// <summary>0 to 100; null while nothing was said.</summary>
    public int? Percent => Volatile.Read(ref percent) is var value && value >= 0 ? value : null;

    public void Report(int value)
    {
        var bounded = Math.Clamp(value, 0, 100);
        if (Interlocked.Exchange(ref percent, bounded) != bounded)
        {
            observer.Progress(job, bounded);
        }
    }
}
