using SwarmPool.Identity;
using SwarmPool.Runtime.Collections;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// What came of the jobs of each client here. Clients that this miner has done work for come first, those whose last job could not be done
/// here last: jobs that nobody can do, under however many new names, take no time from a client that is known.
/// </summary>
/// <remarks>Not thread-safe. Bounded: the client that was new longest ago is forgotten first.</remarks>
internal sealed class ClientHistory(int capacity)
{
    private readonly BoundedCache<EnsName, bool> outcomes = new(capacity);
    private readonly BoundedCache<EnsName, bool> strangers = new(capacity);
    private readonly BoundedCache<Cid, EnsName> clients = new(capacity);

    /// <summary>In which line the client's jobs wait.</summary>
    public Line LineOf(EnsName client) => outcomes.TryGet(client, out var done) ? (done ? Line.Known : Line.Failed) : Line.New;

    /// <summary>True while the pool keeps the client's jobs for others at first: no use to claim one before its head start is over.</summary>
    public bool IsStranger(EnsName client) => strangers.TryGet(client, out var isStranger) && isStranger;

    /// <summary>A job is tried.</summary>
    public void Tried(Cid job, EnsName client) => clients.Set(job, client);

    /// <summary>The pool kept a job of the client's for others.</summary>
    public void KeptForOthers(EnsName client) => strangers.Set(client, true);

    /// <summary>A job was decided by this miner's proof.</summary>
    public void Done(Cid job)
    {
        if (clients.TryGet(job, out var client))
        {
            outcomes.Set(client, true);
            strangers.Set(client, false);
        }
    }

    /// <summary>A job could not be done here.</summary>
    public void Failed(Cid job)
    {
        if (clients.TryGet(job, out var client))
        {
            outcomes.Set(client, false);
        }
    }
}

/// <summary>The lines in which jobs wait here, the first to be served first.</summary>
internal enum Line
{
    /// <summary>Clients that this miner has done work for.</summary>
    Known = 0,

    /// <summary>Clients that nothing is known of.</summary>
    New,

    /// <summary>Clients whose last job could not be done here.</summary>
    Failed,
}
