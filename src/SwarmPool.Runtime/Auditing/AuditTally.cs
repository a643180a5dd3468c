using SwarmPool.Runtime.Pool.Records;

namespace SwarmPool.Runtime.Auditing;

/// <summary>Counts what an audit reads, and tells how far it is.</summary>
/// <param name="last">The number of the last epoch.</param>
/// <param name="progress">Is told; may be null.</param>
internal sealed class AuditTally(long last, IProgress<AuditProgress>? progress)
{
    private const int RecordsPerReport = 1_000;

    private long epoch;

    public long Epochs { get; private set; }

    public long Records { get; private set; }

    public NameWitness Names { get; } = new();

    public void Open(long number)
    {
        epoch = number;
        Epochs++;
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
