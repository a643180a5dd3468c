using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Checks;
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
using SwarmPool.Runtime.Daemon.Timing;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Packs;
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
    DaemonOptions options, RoleDependencies dependencies, DaemonClock clock, DaemonSlots slots, DaemonTelemetry telemetry, DaemonControl control, CopySeal seal, DecideFunction decide)
{
    private readonly RoleDependencies role = dependencies with { Time = clock.Time };
    private readonly NameCache names = new(dependencies.Names, clock.Time);
    private readonly DelegationCache delegations = new(new ContentReader(dependencies.Transport.Content, clock.Time), clock.Time);
    private readonly PartyIdentity identity = dependencies.IdentityOf(EnsName.Parse(options.PoolEns), EnsName.Parse(options.PoolEns));

    public EnsName Pool => identity.Pool;

    public ITransport Transport => role.Transport;

    public IPoolJournal Journal => slots.Journal;

    public IDaemonObserver Observer => telemetry.Observer;

    /// <summary>The rules by which the sequencer decides.</summary>
    public DecideFunction Decide => decide;

    /// <summary>What all of the daemon goes by.</summary>
    public SteadyTime Time => clock.Time;

    /// <summary>Tells of the clock.</summary>
    public ClockReport ClockReport => clock.Report;

    /// <summary>Where what may go in parallel is done.</summary>
    public TaskScheduler Checks => role.Schedulers.Checks;

    /// <summary>How long the lease on the journal lives without renewal.</summary>
    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(options.LeaseSeconds);

    /// <summary>Takes the right to lead; as a standby it waits for it and follows meanwhile, else it is refused where another leads.</summary>
    public ValueTask<LeaderLease> TakeAsync(FollowerState warm, Action follows, ILogger logger, CancellationToken stopping) => options.Standby
        ? new Standby(Journal, Pool, Owner, Lease, telemetry.Lag, Observer, Time.Machine, logger).TakeAsync(warm, follows, stopping)
        : LeaderLease.TakeAsync(Journal, Pool, Owner, Lease, Time.Machine, logger, stopping);

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
    public UnsignedFactCheck Facts(PoolSettings settings, JournalHead head) => new(Signers, Verification().VerifyAsync, Comparing().FindAsync, (epoch, policyState, stopping) => EpochSettlement.TryAsync(
        Journal, epoch, SettlementPayees.Of(settings), policyState, slots.Policy, PolicyIdentities.Of(slots.Policy), PolicyLimit, Time, Checks, head, stopping), Pool, Content, Time);

    public ContentReader Content { get; } = new(dependencies.Transport.Content, clock.Time);

    private BoundPacks Packs { get; } = new(
        new ContentReader(dependencies.Transport.Content, clock.Time), TimeSpan.FromSeconds(Math.Min(options.FetchSeconds, MostPackSeconds)), dependencies.Loggers.CreateLogger<BoundPacks>());

    /// <summary>The settings of a start with what the manifests of the packs say that models are bound to; what was said of one at an earlier start is believed.</summary>
    /// <exception cref="SwarmPoolException">SP5242: a content is no pack.</exception>
    public ValueTask<PoolSettings> BindAsync(PoolSettings settings, PoolSettings? before, CancellationToken cancellationToken) => Packs.BindAsync(settings, before, cancellationToken);

    /// <summary>What checks signatures, for the log.</summary>
    public string Engine => ReferenceEquals(role.Engine, SignatureEngines.Best) ? SignatureEngines.Description : $"Signatures by {role.Engine.Name}, as composed.";

    /// <summary>What judges answers, by its name.</summary>
    public string Verifier => slots.Verifier.Name;

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
            RegistrationWindowMs = Freshness.WindowMs,
            ClientShare = 8,
            IdleMinerMs = 3_600_000,
            OfferLength = 512,
            OperationsName = operations,
            OperationsAddress = answer.Payout ?? answer.Accounts[0],
            Payees = await PolicyPayees.ResolveAsync(slots.Policy, names, cancellationToken),
            Rules = PoolSettings.NewestRules,
            MinAmount = Usdc.Parse(options.MinJobAmount),
            MaxUnpaid = Usdc.Parse(options.MaxUnpaidPerClient),
            HeadStartMs = options.HeadStartSeconds * 1000L,
            Models = ModelAliases.Of(options.Models),
            Prices = ModelPrices.Of(options.Prices, Usdc.Parse(options.MinJobAmount)),
            Verifier = slots.Verifier.Name,
            VerifierMayAsk = slots.Verifier.MayAskForReplicas ? true : null,
            Checks = options.Checks.Settings(Comparer),
        };
    }

    /// <summary>The secret of the open epoch's draws, read again where there is one.</summary>
    /// <exception cref="SwarmPoolException">SP3430: the journal has lost it.</exception>
    public async ValueTask<DrawSecrets> DrawsAsync(PoolState state, CancellationToken cancellationToken)
    {
        var draws = new DrawSecrets(role.Nonces);
        await draws.RestoreAsync(Journal, state, cancellationToken);
        return draws;
    }

    /// <summary>What the verifier says of which answers agree; null where nobody's word on that is asked.</summary>
    public AgreementWords? Agreements(PoolSettings settings) => settings.Checks is not { Comparer: not null } checks ? null : new AgreementWords(
        Comparing().FindAsync, TimeSpan.FromMilliseconds(Math.Min(MostComparingMs, checks.RevealMs / 4)), Checks, Time, Logger<AgreementWords>());

    /// <summary>How work is checked, in words.</summary>
    public CheckPolicy Policy(PoolSettings settings) => CheckPolicy.Of(settings, slots.Verifier);

    // The built-in verifier compares bytes, and for that nobody's word is needed.
    private string? Comparer => slots.Verifier.Name == VerdictFact.BuiltIn ? null : slots.Verifier.Name;

    public Announcer Announcer(LeaderLease lease, ChannelReader<Commit> commits) => new(Writer, Announcements(lease), Journal, lease.Held, Observer, commits, Logger<Announcer>());

    /// <summary>Starts the services around the sequencer; they run until the token is cancelled.</summary>
    public async ValueTask<RunningDaemon> OpenAsync(Sequencer sequencer, LeaderLease lease, AgreementWords? agreements, CancellationToken cancellationToken)
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
        var rates = new NameRates(options.NameRate, Math.Max(1, options.NameRate / (double)DaemonOptions.NewcomersShare), Time);
        var handler = new MessageHandler(sequencer, replies, pins, Verification(), agreements, presence, revocations, rates, telemetry.Counters, Observer);
        var ingress = new IngressPipeline(
            Transport.PubSub, Pool, Rules(sequencer, replies, rates), handler, telemetry.Counters, Observer, Time, Logger<IngressPipeline>());
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
            sequencer, new StatePages(Transport.Content), new TrustPages(Transport.Content), new StateWriter(identity, presence, Time), publisher, tree, Observer, Time, Logger<StatePublisher>());
        control.Attach(sealer);
        var receiving = await ingress.StartAsync(Checks, cancellationToken);
        return new RunningDaemon(
            [.. receiving, replies.RunAsync(cancellationToken), pins.RunAsync(cancellationToken), sealer.RunAsync(cancellationToken), revocations.RunAsync(cancellationToken), revocationPins.RunAsync(cancellationToken), ClockReport.RunAsync(Journal, lease.Held, cancellationToken), Watch().RunAsync(cancellationToken), states.RunAsync(TimeSpan.FromSeconds(options.StateSeconds), cancellationToken), tree.RunAsync(cancellationToken), PackPins(pins).RunAsync(ModelAliases.Of(options.Models), cancellationToken)],
            sealer);
    }

    // The pool decides nothing while the manifests of new packs are waited for.
    private const int MostPackSeconds = 10;

    // How long an answer that has come may wait for the verifier to compare it, before it is recorded without.
    private const int MostComparingMs = 2_000;

    // What a bad signature costs the peer that sent it, in messages.
    private const int BadSignature = 50;

    private AnnouncementWriter Writer => new(identity, Logger<AnnouncementWriter>());

    private EpochSealer.Settings Settling => new(slots.Policy, TimeSpan.FromSeconds(options.EpochDurationSeconds), PolicyLimit, Checks);

    private string Owner { get; } = OwnerName.Of(options.Instance);

    private TimeSpan Fetch => TimeSpan.FromSeconds(options.FetchSeconds);

    private TimeSpan PolicyLimit => TimeSpan.FromSeconds(options.PolicySeconds);

    private PackPins PackPins(PinManager pins) => new(Packs, new PackContents(Content, Fetch), pins, options.PinModelFiles, Time, Logger<PackPins>());

    private DelegationWatch Watch() => new(role.Delegation, delegations, Time, ends => DaemonLog.DelegationEnds(Logger<PoolDaemon>(), ends));

    private AnnouncementPublisher Announcements(LeaderLease lease) => new(Transport, lease, Pool, Time, Logger<AnnouncementPublisher>());

    private ProofVerification Verification() => new(
        Content,
        new RationedReader(Content, options.MaxOutputBytes, Fetch, "The proof's output", ErrorCodes.OutputUnavailable),
        JudgedBy(),
        slots.Verifier,
        Fetch,
        PolicyLimit,
        Checks,
        Time,
        Usage());

    private AgreementReading Comparing() => new(Content, JudgedBy(), slots.Verifier, options.MaxOutputBytes, Fetch, PolicyLimit, Checks, Time);

    private JudgedBy JudgedBy() => new(
        Content,
        new RationedReader(Content, options.MaxInputBytes, Fetch, "The job's input", ErrorCodes.JudgedByUnavailable),
        new RationedReader(Content, TokenEvidenceCodec.MaxBytes, Fetch, "The proof's evidence", ErrorCodes.JudgedByUnavailable),
        Fetch);

    private UsageReading Usage() => new(
        new RationedReader(Content, options.MaxInputBytes, Fetch, "The job's input"),
        new RationedReader(Content, TokenEvidenceCodec.MaxBytes, Fetch, "The proof's evidence", ErrorCodes.OutputUnavailable));

    private IngressRules Rules(Sequencer sequencer, ReplyBatcher replies, NameRates rates)
    {
        var known = new KnownMessages(Time);
        var peers = new RateLimit<string>(options.PeerRate, Time);
        var again = new RateLimit<string>(Math.Max(1, options.PeerRate / 5.0), Time);
        var inputs = new RationedReader(Content, options.MaxInputBytes, Fetch, "The job's input");
        return new IngressRules(
            new SizeRule(),                                                  // first: nothing is even looked at beyond the limit
            new PeerRateRule(peers, again, known),                           // the transport peer is charged before any work, so that a forger can't spend a name's rate
            new PointerRule(Content, Fetch),                                 // a pointer becomes what it points to
            new FormRule(),                                                  // bytes become a snapshot; needed by all that follows
            new TopicRule(),                                                 // a claim on the jobs topic is a mistake or mischief
            new KnownMessageRule(sequencer, replies),                        // what was heard before waits by itself, and is answered again at its peer's cost
            new NameSpentRule(rates),                                        // a name that floods is not worth the checks that follow, whatever peers it comes by
            new JobPhaseRule(sequencer, replies),                            // a claim on a job that is taken needs no signature check: the announcement of the job's condition answers it
            new AddressRule(Pool, identity.Network),                         // cheap, and for the sender to know: so who that is must be checked before it is answered
            new FreshnessRule(Time),                                         // likewise
            new CostlyRule(new SignatureRule(Signers), peers, BadSignature), // expensive: a name look-up and a signature recovery, so a bad one costs its peer as much as many messages
            new SessionKeyRule(Signers),                                     // a delegation that is not known is fetched
            new NameRateRule(rates, known),                                  // after the signature: only its owner can spend a name's rate
            new JobPreviewRule(sequencer, rates),                            // what the pool's rules would refuse costs no fetch
            new InputRule(inputs, known: true),                              // a job's input has to be there before the job is taken;
            new InputRule(inputs, known: false));                            // new clients wait in a line of their own
    }

    private ILogger<TOf> Logger<TOf>() => role.Loggers.CreateLogger<TOf>();
}

/// <summary>What fills the slots that only a daemon has.</summary>
internal sealed record DaemonSlots(IPoolJournal Journal, ISettlementPolicy Policy, IProofVerifier Verifier);

/// <summary>What a daemon goes by, and what tells when that is in doubt.</summary>
internal sealed record DaemonClock(SteadyTime Time, ClockReport Report);
