using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>The jobs that wait, and how many are at work, by what miners need to do them: follows from the jobs, and is no part of the state.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class JobQueues
{
    private readonly Dictionary<QueueKey, Line> lines = [];

    /// <summary>Jobs that wait for the same and came before, and those that are at work.</summary>
    public (long Before, long AtWork) Of(JobEntry job) =>
        lines.TryGetValue(QueueKey.Of(job), out var line) ? (line.Waiting.CountBelow(job.Number), line.AtWork) : default;

    /// <summary>All lines that jobs wait in, in no order.</summary>
    public IEnumerable<(QueueKey Key, long Waiting, long AtWork)> All =>
        lines.Where(static pair => pair.Value.Waiting.Count > 0).Select(static pair => (pair.Key, (long)pair.Value.Waiting.Count, pair.Value.AtWork));

    /// <summary>Takes a job in, or out, as it stands.</summary>
    public void Tally(JobEntry job, int by)
    {
        if (!job.IsOpen)
        {
            return;
        }

        var key = QueueKey.Of(job);
        if (!lines.TryGetValue(key, out var line))
        {
            lines.Add(key, line = new Line());
        }

        if (job.Phase == JobPhase.Claimed)
        {
            line.AtWork += by;
        }
        else if (by > 0)
        {
            line.Waiting.Add(job.Number);
        }
        else
        {
            line.Waiting.Remove(job.Number);
        }

        if (line is { AtWork: 0, Waiting.Count: 0 })
        {
            lines.Remove(key);
        }
    }

    private sealed class Line
    {
        public SortedNumbers Waiting { get; } = new();

        public long AtWork { get; set; }
    }
}

/// <summary>What miners have to have for a job: the pack that the pool bound its model to, else the model.</summary>
/// <param name="Pack">The pack; null where the pool binds none.</param>
/// <param name="Model">The model; empty where there is a pack.</param>
internal readonly record struct QueueKey(Cid? Pack, string Model)
{
    public static QueueKey Of(JobEntry job) => job.PackCid is { } pack ? new(pack, "") : new(null, job.Model);

    /// <summary>What miners register for it.</summary>
    public string Wanted => Pack?.ToString() ?? Model;
}
