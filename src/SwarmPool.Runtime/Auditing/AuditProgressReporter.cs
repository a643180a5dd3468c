using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Auditing;

/// <summary>Counts what an audit reads, and tells how far it is.</summary>
/// <param name="last">The number of the last epoch.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Is told; may be null.</param>
internal sealed class AuditProgressReporter(long last, TimeProvider time, IProgress<AuditProgress>? progress)
{
    private const int RecordsPerReport = 1_000;

    private long epoch;

    public long Epochs { get; private set; }

    public long Records { get; private set; }

    public NameAudit Names { get; } = new(time);

    public void Open(EpochSnapshot opened)
    {
        epoch = opened.Number;
        Epochs++;
        Names.Hear(opened);
        Report();
    }

    /// <summary>Before anything is read the chain of epochs is looked at, from the last to the first.</summary>
    public void Look(long number)
    {
        epoch = number;
        Report();
    }

    public void Take(PoolRecord record)
    {
        Names.Hear(record);
        if (++Records % RecordsPerReport == 0)
        {
            Report();
        }
    }

    private void Report() => progress?.Report(new AuditProgress(epoch, last, Records));
}
