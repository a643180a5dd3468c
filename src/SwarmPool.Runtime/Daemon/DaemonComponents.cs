using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Runtime.Daemon.Ingress.Rules;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Publishing;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Runtime.Daemon.Retention;
using SwarmPool.Runtime.Daemon.Revocations;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Daemon;

/// <summary>What a daemon is made of: the slots, and how its running are put together around a sequencer.</summary>
internal sealed class DaemonComponents(
    DaemonOptions options, RoleDependencies role, DaemonSlots slots, DaemonTelemetry telemetry, DaemonControl control, CopySeal seal, DecideFunction decide)
{
    private readonly NameCache names = new(role.Names, role.Time);
    private readonly DelegationCache delegations = new(new ContentReader(role.Transport.Content, role.Time), role.Time);
    private readonly PartyIdentity identity = role.IdentityOf(EnsName.Parse(options.PoolEns), EnsName.Parse(options.PoolEns));

    public EnsName Pool => identity.Pool;

    public ITransport Transport => role.Transport;

    public IPoolJournal Journal => slots.Journal;

    public IDaemonObserver Observer => telemetry.Observer;

    /// <summary>The rules by which the sequencer decides.</summary>
    public DecideFunction Decide => decide;

    public TimeProvider Time => role.Time;

    /// <summary>Where what may go in parallel is done.</summary>
    public TaskScheduler Checks => role.Schedulers.Checks;

    /// <summary>How long the lease on the journal lives without renewal.</summary>
    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(options.LeaseSeconds);

    /// <summary>Takes the right to lead; as a standby it waits for it and follows meanwhile, else it is refused where another leads.</summary>
    public ValueTask<LeaderLease> TakeAsync(FollowerState warm, Action follows, ILogger logger, CancellationToken stopping) => options.Standby
        ? new Standby(Journal, Pool, Owner, Lease, telemetry.Lag, Observer, Time, logger).TakeAsync(warm, follows, stopping)
        : LeaderLease.TakeAsync(Journal, Pool, Owner, Lease, Time, logger, stopping);

    /// <summary>What the pool has published, as far as it can be known here.</summary>
    public PublishedHeadProbe Published() => new(Transport, Content, Signers, Pool, Time, role.Loggers);

    /// <summary>Signs copies of the state, and tells the pool's own.</summary>
    public CopySeal Seal { get; } = seal;

    /// <summary>What judges again the records that the pool is not known to have signed.</summary>
    public UnsignedTail Tail(PublishedHeadProbe published) =>
        new(decide, role.Engine, Pool, identity.Network, () => Signed(published).MaxBy(static head => head.Sequence)!);

    /// <summary>The records that the pool is known to have signed, or that its operator vouches for.</summary>
    public IReadOnlyList<JournalHead> Signed(PublishedHeadProbe published) => [published.Signed, options.AcceptedHead];

    /// <summary>What asks again for what came from outside with records that the pool has not signed.</summary>
    public UnsignedFactCheck Facts(PoolSettings settings, JournalHead head) => new(Signers, Verification().VerifyAsync, (epoch, policyState, stopping) => EpochSettlement.TryAsync(
        Journal, epoch, new Payee(settings.OperationsName, settings.OperationsAddress), policyState, slots.Policy, PolicyIdentities.Of(slots.Policy), PolicyLimit, Time, Checks, head, stopping), Time);

    public ContentReader Content { get; } = new(role.Transport.Content, role.Time);

    /// <summary>What checks signatures, for the log.</summary>
    public string Engine => ReferenceEquals(role.Engine, SignatureEngines.Best) ? SignatureEngines.Description : $"Signatures by {role.Engine.Name}, as composed.";

    public SignerCheck Signers => new(names, role.Engine, Time, delegations);

    /// <summary>The rules' settings, with the operations' address as of now; also makes sure that our key is the pool's.</summary>
    /// <exception cref="SwarmPoolException">The pool's name is not known, or its key is another.</exception>
    public async ValueTask<PoolSettings> SettingsAsync(CancellationToken cancellationToken)
    {
        await OwnName.RequireAsync(names, Pool, role.Signer, cancellationToken, new OwnDelegation(role.Delegation, DelegationRoles.Pool, Pool, Signers, Time));
        var operations = options.OperationsEns.Length == 0 ? Pool : EnsName.Parse(options.OperationsEns);
        var answer = await OwnName.ResolveAsync(names, operations, cancellationToken);
        return new PoolSettings
        {
            ClaimTimeoutMs = options.ClaimTimeoutSeconds * 1000L,
            MaxAttempts = options.MaxAttempts,
            MaxAttemptMs = options.MaxAttemptSeconds * 1000L,
            MaxDeadlineMs = 7L * 24 * 3600 * 1000,
            MaxAmount = Usdc.Parse(options.MaxJobAmount),
            ClaimsPerMiner = options.ClaimsPerMiner,
            CoolDownMs = options.CoolDownSeconds * 1000L,
            MinMinerStake = Usdc.Parse(options.MinMinerStake),
            JobsPerClient = options.JobsPerClient,
            MaxJobs = options.MaxJobs,
            MaxMiners = options.MaxMiners,
            OperationsName = operations,
            OperationsAddress = answer.Payout ?? answer.Accounts[0],
        };
    }

    public Announcer Announcer(LeaderLease lease, ChannelReader<Commit> commits) => new(Writer, Announcements(lease), Journal, lease.Held, Observer, commits, Logger<Announcer>());

    /// <summary>Starts the services around the sequencer; they run until the token is cancelled.</summary>
    public async ValueTask<RunningDaemon> OpenAsync(Sequencer sequencer, LeaderLease lease, CancellationToken cancellationToken)
    {
        var publisher = Announcements(lease);
        var replies = new ReplyBatcher(sequencer, Writer, publisher, role.Nonces, Time);
        var references = new ContentReferences();
        var pins = new PinManager(Transport.Content, references, Fetch, Time, Logger<PinManager>());
        var presence = new MinerPresence(Observer, Time);
        var revocationPins = new RevocationPins(pins, Time);
        var revocations = new RevocationRebroadcaster(sequencer, Transport, Content, delegations, revocationPins, Pool, Time, Logger<RevocationRebroadcaster>());
        await revocations.RememberAsync(cancellationToken);
        await OwnDelegation.ShowAsync(Transport.Content, role.Delegation, cancellationToken);
        var handler = new MessageHandler(sequencer, replies, pins, Verification(), presence, revocations, telemetry.Counters, Observer);
        var ingress = new IngressPipeline(
            Transport.PubSub, Pool, Rules(sequencer, replies), handler, telemetry.Counters, Observer, Time, Logger<IngressPipeline>());
        var sealer = new EpochSealer(
            sequencer, new EpochWriter(Journal, Transport.Content, identity), Journal, lease.Held, Settling, Observer, Time, Logger<EpochSealer>());
        var contents = new EpochContents(Content);
        var tree = new PublicTreePublisher(
            Transport,
            Journal.PublicIndex,
            Pool,
            contents,
            new KeptEpochs(contents, options.KeepEpochs),
            new EpochRetention(contents, references, sequencer, pins),
            Logger<PublicTreePublisher>());
        var states = new StatePublisher(
            sequencer, new StatePages(Transport.Content), new StateWriter(identity, presence, Time), publisher, tree, Observer, Time, Logger<StatePublisher>());
        control.Attach(sealer);
        var receiving = await ingress.StartAsync(Checks, cancellationToken);
        return new RunningDaemon(
            [.. receiving, replies.RunAsync(cancellationToken), pins.RunAsync(cancellationToken), sealer.RunAsync(cancellationToken), revocations.RunAsync(cancellationToken), revocationPins.RunAsync(cancellationToken), Watch().RunAsync(cancellationToken), states.RunAsync(TimeSpan.FromSeconds(options.StateSeconds), cancellationToken), tree.RunAsync(cancellationToken)],
            sealer);
    }

    private AnnouncementWriter Writer => new(identity, Logger<AnnouncementWriter>());

    private EpochSealer.Settings Settling => new(slots.Policy, TimeSpan.FromSeconds(options.EpochDurationSeconds), PolicyLimit, Checks);

    private string Owner { get; } = OwnerName.Of(options.Instance);

    private TimeSpan Fetch => TimeSpan.FromSeconds(options.FetchSeconds);

    private TimeSpan PolicyLimit => TimeSpan.FromSeconds(options.PolicySeconds);

    private DelegationWatch Watch() => new(role.Delegation, delegations, Time, ends => DaemonLog.DelegationEnds(Logger<PoolDaemon>(), ends));

    private AnnouncementPublisher Announcements(LeaderLease lease) => new(Transport, lease, Pool, Time, Logger<AnnouncementPublisher>());

    private ProofVerification Verification() => new(Content, slots.Verifier, options.MaxOutputBytes, Fetch, PolicyLimit, Checks, Time);

    private IngressRules Rules(Sequencer sequencer, ReplyBatcher replies)
    {
        var nameRate = new RateLimit<EnsName>(options.NameRate, Time);
        return new IngressRules(
            new SizeRule(),                                                  // first: nothing is even looked at beyond the limit
            new PeerRateRule(new RateLimit<string>(options.PeerRate, Time)), // the transport peer is charged before any work, so that a forger can't spend a name's rate
            new PointerRule(Content, Fetch),                                 // a pointer becomes what it points to
            new FormRule(),                                                  // bytes become a snapshot; needed by all that follows
            new TopicRule(),                                                 // a claim on the jobs topic is a mistake or mischief
            new NameSpentRule(nameRate),                                     // a name that floods is not worth the checks that follow, whatever peers it comes by
            new JobPhaseRule(sequencer, replies),                            // a claim on a job that is taken needs no signature check: the announcement of the job's condition answers it
            new AddressRule(Pool, identity.Network),                         // cheap, and for the sender to know: so who that is must be checked before it is answered
            new FreshnessRule(Time),                                         // likewise
            new SignatureRule(Signers),                                      // expensive: a name look-up and a signature recovery
            new SessionKeyRule(Signers),                                     // a delegation that is not known is fetched
            new NameRateRule(nameRate));                                     // after the signature: only its owner can spend a name's rate
    }

    private ILogger<TOf> Logger<TOf>() => role.Loggers.CreateLogger<TOf>();
}

/// <summary>What fills the slots that only a daemon has.</summary>
internal sealed record DaemonSlots(IPoolJournal Journal, ISettlementPolicy Policy, IProofVerifier Verifier);
