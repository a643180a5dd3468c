using SwarmPool.Identity;
using SwarmPool.Runtime.Collections;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// What came of the jobs of each client here. Clients that this miner has done work for come first, those whose last jobs could not be
/// done here last: jobs that nobody can do, under however many new names, take no time from a client that is known.
/// </summary>
/// <remarks>Not thread-safe. Bounded: the client that was new longest ago is forgotten first.</remarks>
internal sealed class ClientHistory(int capacity)
{
    private readonly BoundedCache<EnsName, (bool Done, int Failures)> outcomes = new(capacity);
    private readonly BoundedCache<EnsName, bool> strangers = new(capacity);
    private readonly BoundedCache<Cid, EnsName> clients = new(capacity);

    /// <summary>In which line the client's jobs wait.</summary>
    public Line LineOf(EnsName client) => !outcomes.TryGet(client, out var outcome) ? Line.New : outcome switch
    {
        { Done: true, Failures: < 2 } => Line.Known,
        { Failures: < 2 } => Line.FailedOnce,
        { Failures: < 4 } => Line.FailedTwice,
        _ => Line.FailedOften,
    };

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
            outcomes.Set(client, (true, 0));
            strangers.Set(client, false);
        }
    }

    /// <summary>A job could not be done here.</summary>
    public void Failed(Cid job)
    {
        if (clients.TryGet(job, out var client))
        {
            outcomes.TryGet(client, out var before);
            outcomes.Set(client, (before.Done, before.Failures + 1));
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
    FailedOnce,

    /// <summary>Clients whose last two or three jobs could not be done here.</summary>
    FailedTwice,

    /// <summary>Clients whose last four jobs or more could not be done here.</summary>
    FailedOften,
}
