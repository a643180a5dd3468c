using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Finding;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Reader;

namespace SwarmPool.Runtime.Miner;

/// <summary>Makes the miner's desks from what fills its slots; each knows only what it needs.</summary>
internal sealed class MinerDesks
{
    public MinerDesks(MinerOptions options, MinerParts parts, MinerOffer offer)
    {
        var (time, observer, loggers) = (parts.Time, parts.Observer, parts.Loggers);
        var pool = EnsName.Parse(options.PoolEns);
        var content = new ContentReader(parts.Transport.Content, time);
        var delegations = new DelegationDesk(content, time);
        var signers = new SignerCheck(new NameDirectory(parts.Names, time), parts.Engine, time, delegations);
        var outbox = new Outbox(parts.Transport, pool, time, loggers.CreateLogger<Outbox>());
        var counts = new MinerCounts(time.GetUtcNow().ToUnixTimeSeconds());
        var pause = new ClaimPause(time);

        Offer = offer;
        Pen = new MinerPen(EnsName.Parse(options.MinerEns), pool, parts.Names.Network, parts.Signer, parts.Nonces, time, parts.Delegation?.Cid);
        Listener = new PoolListener(parts.Transport, content, signers, pool, time, loggers.CreateLogger<PoolListener>());
        Revocations = new RevocationListener(parts.Transport, signers, delegations, pool, Pen.Miner, loggers.CreateLogger<RevocationListener>());
        Delegation = new DelegationWatch(parts.Delegation, delegations, time, ends => MinerLog.DelegationEnds(loggers.CreateLogger<Miner>(), ends));
        var finder = new PoolFinder(
            parts.Transport, parts.Names, pool, time, loggers.CreateLogger<PoolFinder>(), problem => observer.NameProblem(problem.Code, problem.Reason));
        State = new StateSource(parts.Transport, content, Listener, finder, pool, time);

        Jobs = new JobDesk();
        Clock = parts.Clock;
        Watch = new JobWatch(Pen.Miner, offer.Models.ToHashSet(StringComparer.Ordinal), Jobs, pause, observer, Clock, time);
        Registration = new Registration(Pen, outbox, offer.Models, offer.Gpus, options.Mode, observer, time);
        Heartbeats = new Heartbeats(Pen, outbox, counts, Jobs, Clock, time, loggers.CreateLogger<Heartbeats>());
        Backlog = new Backlog(State, new StateBook(), Watch, Registration, Heartbeats, Pen, time, loggers.CreateLogger<Backlog>());
        Earnings = new Earnings(content, Listener, State, Pen, counts, observer, time, loggers.CreateLogger<Earnings>());
        Idle = new IdleWatch(Watch, Jobs, Registration, pause, string.Join(", ", offer.Models), observer, time);
        Race = new ClaimRace(Pen, outbox, observer, time, TimeSpan.FromSeconds(options.ClaimSeconds));
        Claims = new ClaimBook(Watch, pause, Registration, Pen, loggers.CreateLogger<ClaimBook>());
        GivingBack = new GivingBack(Pen, outbox, observer, time);
        Runner = new JobRunner(
            options,
            new JobInput(content, signers, options),
            new BackendRun(parts.Backend, parts.Scheduler, time, loggers.CreateLogger<BackendRun>()),
            new Delivery(parts.Transport.Content, Pen, outbox, observer, time, loggers.CreateLogger<Delivery>()),
            GivingBack,
            Heartbeats,
            counts,
            observer,
            Clock,
            time,
            loggers.CreateLogger<JobRunner>());
    }

    public MinerOffer Offer { get; }

    public MinerPen Pen { get; }

    public PoolListener Listener { get; }

    public RevocationListener Revocations { get; }

    public DelegationWatch Delegation { get; }

    public StateSource State { get; }

    public PoolClock Clock { get; }

    public JobDesk Jobs { get; }

    public JobWatch Watch { get; }

    public Registration Registration { get; }

    public Heartbeats Heartbeats { get; }

    public Backlog Backlog { get; }

    public Earnings Earnings { get; }

    public IdleWatch Idle { get; }

    public ClaimRace Race { get; }

    public ClaimBook Claims { get; }

    public GivingBack GivingBack { get; }

    public JobRunner Runner { get; }
}
