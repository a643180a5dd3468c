using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Backends;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Discovery;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Reader;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Miner;

/// <summary>Makes the miner's components from what fills its slots; each knows only what it needs.</summary>
internal sealed class MinerComponents
{
    public MinerComponents(MinerOptions options, MinerDependencies miner, MinerOffer offer)
    {
        var (parts, backend, observer, clock) = (miner.Role, miner.Backend, miner.Observer, miner.Clock);
        var (time, loggers) = (parts.Time, parts.Loggers);
        var pool = EnsName.Parse(options.PoolEns);
        var content = new ContentReader(parts.Transport.Content, time);
        var delegations = new DelegationCache(content, time);
        var signers = new SignerCheck(new NameCache(parts.Names, time), parts.Engine, time, delegations);
        var sender = new RetryingSender(parts.Transport, pool, time, loggers.CreateLogger<RetryingSender>());
        var counts = new MinerCounts(time.GetUtcNow().ToUnixTimeSeconds());
        var pause = new ClaimPause(time);

        Offer = offer;
        Pen = new MinerMessageFactory(parts.IdentityOf(EnsName.Parse(options.MinerEns), pool), parts.Nonces, time, options.TakeOver);
        Listener = new PoolListener(parts.Transport, content, signers, pool, time, loggers.CreateLogger<PoolListener>());
        Revocations = new RevocationListener(parts.Transport, signers, delegations, pool, Pen.Miner, loggers.CreateLogger<RevocationListener>());
        Delegation = new DelegationWatch(parts.Delegation, delegations, time, ends => MinerLog.DelegationEnds(loggers.CreateLogger<Miner>(), ends));
        var finder = new PoolFinder(
            parts.Transport, parts.Names, pool, time, loggers.CreateLogger<PoolFinder>(), problem => observer.NameProblem(problem.Code, problem.Reason));
        State = new StateSource(parts.Transport, content, Listener, finder, pool, time);

        Jobs = new JobEventDispatcher();
        Clock = clock;
        var offers = new ModelOffers(offer, Usdc.Parse(options.MinPrice));
        var filter = new JobFilter(offer.Takes, options.MaxInputBytes, offers.SaidOf, offers.MinPrice);
        Watch = new JobWatch(Pen.Miner, filter, Jobs, pause, observer, Clock, time);
        Registration = new Registration(Pen, sender, new PayoutCheck(parts.Names, Pen.Miner, time), offer, offers, options.Mode, observer, time);
        Offers = new OfferWatch(offers, backend, Registration, time, loggers.CreateLogger<OfferWatch>());
        Heartbeats = new Heartbeats(Pen, sender, counts, Jobs, Clock, time, loggers.CreateLogger<Heartbeats>());
        SameName = new SameNameWatch(Pen, sender, parts.Transport, signers, pool, counts, observer, time, loggers.CreateLogger<SameNameWatch>());
        PendingJobsCatchUp = new PendingJobsCatchUp(State, new NewestState(), Watch, Registration, Heartbeats, Pen, time, loggers.CreateLogger<PendingJobsCatchUp>());
        Earnings = new Earnings(Listener, State, Pen, counts, observer, time, loggers.CreateLogger<Earnings>());
        Silence = new SilenceWatch(parts.Transport.Link, observer, time);
        Idle = new IdleWatch(Watch, Jobs, Registration, pause, Silence, string.Join(", ", offer.Models), observer, time);
        Withdrawal = GuardedSlot.Unwrap(backend) is ProcessBackend { Deaths: var deaths }
            ? new ModelWithdrawal(deaths, offer, filter, Watch, Registration, observer, loggers.CreateLogger<ModelWithdrawal>())
            : null;
        Race = new ClaimRace(Pen, sender, observer, time, TimeSpan.FromSeconds(options.ClaimSeconds));
        Claims = new ClaimOutcomeHandler(Watch, pause, Registration, Pen, loggers.CreateLogger<ClaimOutcomeHandler>());
        ClaimReleaser = new ClaimReleaser(Pen, sender, observer, time);
        Verdicts = new Verdicts(Pen.Miner, observer);
        Shelf = new WorkShelf(miner.WorkFolder is { } folder ? WorkShelf.FolderOf(folder, pool, Pen.Miner) : null, loggers.CreateLogger<WorkShelf>());
        var inputs = new JobInput(content, signers, options);
        var models = new ModelUse(backend, new LoadedModels(backend, options.MaxLoadedModels), parts.Schedulers.Roles, time, loggers.CreateLogger<ModelUse>());
        var execution = new JobExecution(
            inputs,
            offer.Packs,
            offers,
            new BackendRun(backend, models),
            new WorkDelivery(
                Shelf,
                new WorkCommitment(Pen, sender, observer, time, loggers.CreateLogger<WorkCommitment>()),
                new ProofSubmitter(parts.Transport.Content, Pen, sender, observer, time, loggers.CreateLogger<ProofSubmitter>()),
                Pen),
            counts,
            observer,
            time);
        var checks = new CheckExecution(inputs, content, signers, offer.Packs, backend, models, Pen, sender, observer, options.MaxInputBytes);
        Runner = new JobRunner(options, execution, checks, ClaimReleaser, Heartbeats, observer, Clock, time, loggers.CreateLogger<JobRunner>());
    }

    public MinerOffer Offer { get; }

    public OfferWatch Offers { get; }

    public MinerMessageFactory Pen { get; }

    public PoolListener Listener { get; }

    public RevocationListener Revocations { get; }

    public DelegationWatch Delegation { get; }

    public StateSource State { get; }

    public PoolClock Clock { get; }

    public JobEventDispatcher Jobs { get; }

    public JobWatch Watch { get; }

    public Registration Registration { get; }

    public Heartbeats Heartbeats { get; }

    public SameNameWatch SameName { get; }

    public PendingJobsCatchUp PendingJobsCatchUp { get; }

    public Earnings Earnings { get; }

    public IdleWatch Idle { get; }

    public SilenceWatch Silence { get; }

    /// <summary>Null where the backend runs in this process.</summary>
    public ModelWithdrawal? Withdrawal { get; }

    public ClaimRace Race { get; }

    public ClaimOutcomeHandler Claims { get; }

    public ClaimReleaser ClaimReleaser { get; }

    public WorkShelf Shelf { get; }

    public WaitingWork Waiting { get; } = new();

    public Verdicts Verdicts { get; }

    public JobRunner Runner { get; }
}
