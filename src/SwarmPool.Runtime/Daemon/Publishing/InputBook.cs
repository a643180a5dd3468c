using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>The inputs of jobs that are not settled: an input may be several jobs', and is wanted as long as one of them is open.</summary>
/// <remarks>Thread-safe. Knows the jobs that this daemon accepted, and those that it is told of after a restart.</remarks>
internal sealed class InputBook
{
    private readonly Lock gate = new();
    private readonly Dictionary<Cid, Cid> byJob = [];
    private readonly Dictionary<Cid, int> uses = [];

    public void Add(Cid job, Cid input)
    {
        lock (gate)
        {
            if (byJob.TryAdd(job, input))
            {
                uses[input] = uses.GetValueOrDefault(input) + 1;
            }
        }
    }

    public bool Knows(Cid job)
    {
        lock (gate)
        {
            return byJob.ContainsKey(job);
        }
    }

    /// <summary>Takes a job out; its input, or default when it is not known.</summary>
    public Cid Remove(Cid job)
    {
        lock (gate)
        {
            if (!byJob.Remove(job, out var input))
            {
                return default;
            }

            if (--uses[input] == 0)
            {
                uses.Remove(input);
            }

            return input;
        }
    }

    public bool IsWanted(Cid input)
    {
        lock (gate)
        {
            return uses.ContainsKey(input);
        }
    }
}
