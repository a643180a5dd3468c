using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Runtime.Daemon.Ingress.Rules;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Publishing;
using SwarmPool.Runtime.Daemon.Retention;
using SwarmPool.Runtime.Daemon.Revocations;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Daemon;

/// <summary>What a daemon is made of: the slots, and how its running are put together around a sequencer.</summary>
internal sealed class DaemonComponents(
    DaemonOptions options, ITransport transport, IIdentityProvider identity, ISigner signer, IPoolJournal journal, ISettlementPolicy policy,
    IProofVerifier verifier, IDaemonObserver observer, StandbyLag lag, IngressCounters counters, DaemonControl control, ISignatureEngine engine, TaskScheduler checks,
    TimeProvider time, ILoggerFactory loggers, INonceSource nonces, DecideFunction decide,
    SignedSnapshot? delegation = null)
{
    private readonly NameCache names = new(identity, time);
    private readonly DelegationCache delegations = new(new ContentReader(transport.Content, time), time);

    public EnsName Pool { get; } = EnsName.Parse(options.PoolEns);

    public ITransport Transport => transport;

    public IPoolJournal Journal => journal;

    public IDaemonObserver Observer => observer;

    /// <summary>The rules by which the sequencer decides.</summary>
    public DecideFunction Decide => decide;

    public TimeProvider Time => time;

    /// <summary>Where what may go in parallel is done.</summary>
    public TaskScheduler Checks => checks;

    /// <summary>How long the lease on the journal lives without renewal.</summary>
    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(options.LeaseSeconds);

    /// <summary>Takes the right to lead; as a standby it waits for it and follows meanwhile, else it is refused where another leads.</summary>
    public ValueTask<LeaderLease> TakeAsync(FollowerState warm, Action follows, ILogger logger, CancellationToken stopping) => options.Standby
        ? new Standby(journal, Pool, Owner, Lease, lag, observer, time, logger).TakeAsync(warm, follows, stopping)
        : LeaderLease.TakeAsync(journal, Pool, Owner, Lease, time, logger, stopping);

    /// <summary>What the pool has published, as far as it can be known here.</summary>
    public PublishedHeadProbe Published() => new(transport, Content, Signers, Pool, time, loggers);

    public ContentReader Content { get; } = new(transport.Content, time);

    /// <summary>What checks signatures, for the log.</summary>
    public string Engine => ReferenceEquals(engine, SignatureEngines.Best) ? SignatureEngines.Description : $"Signatures by {engine.Name}, as composed.";

    public SignerCheck Signers => new(names, engine, time, delegations);

    /// <summary>The rules' settings, with the operations' address as of now; also makes sure that our key is the pool's.</summary>
    /// <exception cref="SwarmPoolException">The pool's name is not known, or its key is another.</exception>
    public async ValueTask<PoolSettings> SettingsAsync(CancellationToken cancellationToken)
    {
        await OwnName.RequireAsync(names, Pool, signer, cancellationToken, new OwnDelegation(delegation, DelegationRoles.Pool, Pool, Signers, time));
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

    public Announcer Announcer(LeaderLease lease, ChannelReader<Commit> commits) => new(Writer, Announcements(lease), journal, lease.Held, observer, commits, loggers.CreateLogger<Announcer>());

    /// <summary>Starts the services around the sequencer; they run until the token is cancelled.</summary>
    public async ValueTask<RunningDaemon> OpenAsync(Sequencer sequencer, LeaderLease lease, CancellationToken cancellationToken)
    {
        var publisher = Announcements(lease);
        var replies = new ReplyBatcher(sequencer, Writer, publisher, nonces, time);
        var references = new ContentReferences();
        var pins = new PinManager(transport.Content, references, Fetch, time, loggers.CreateLogger<PinManager>());
        var presence = new MinerPresence(observer, time);
        var revocationPins = new RevocationPins(pins, time);
        var revocations = new RevocationRebroadcaster(sequencer, transport, Content, delegations, revocationPins, Pool, time, loggers.CreateLogger<RevocationRebroadcaster>());
        await revocations.RememberAsync(cancellationToken);
        await OwnDelegation.ShowAsync(transport.Content, delegation, cancellationToken);
        var handler = new MessageHandler(sequencer, replies, pins, Verification(), presence, revocations, counters, observer);
        var ingress = new IngressPipeline(
            transport.PubSub, Pool, Rules(sequencer, replies), handler, counters, observer, time, loggers.CreateLogger<IngressPipeline>());
        var sealer = new EpochSealer(
            sequencer,
            new EpochWriter(journal, transport.Content, Pool, identity.Network, signer, delegation?.Cid),
            journal,
            lease.Held,
            policy,
            observer,
            new EpochSealer.Settings(TimeSpan.FromSeconds(options.EpochDurationSeconds), PolicyLimit, checks),
            time,
            loggers.CreateLogger<EpochSealer>());
        var contents = new EpochContents(Content);
        var tree = new PublicTreePublisher(
            transport,
            journal.PublicIndex,
            Pool,
            contents,
            new KeptEpochs(contents, options.KeepEpochs),
            new EpochRetention(contents, references, sequencer, pins),
            loggers.CreateLogger<PublicTreePublisher>());
        var states = new StatePublisher(
            sequencer, journal, lease, transport, publisher, signer, Pool, identity.Network, presence, observer, tree,
            TimeSpan.FromSeconds(options.StateSeconds), time, loggers.CreateLogger<StatePublisher>(), delegation?.Cid);
        control.Attach(sealer);
        var receiving = await ingress.StartAsync(checks, cancellationToken);
        return new RunningDaemon(
            [.. receiving, replies.RunAsync(cancellationToken), pins.RunAsync(cancellationToken), sealer.RunAsync(cancellationToken), revocations.RunAsync(cancellationToken), revocationPins.RunAsync(cancellationToken), Watch().RunAsync(cancellationToken), states.RunAsync(cancellationToken), tree.RunAsync(cancellationToken)],
            sealer);
    }

    private AnnouncementWriter Writer => new(Pool, identity.Network, signer, loggers.CreateLogger<AnnouncementWriter>(), delegation?.Cid);

    private DelegationWatch Watch() => new(delegation, delegations, time, ends => DaemonLog.DelegationEnds(loggers.CreateLogger<PoolDaemon>(), ends));

    private string Owner { get; } = OwnerName.Of(options.Instance);

    private AnnouncementPublisher Announcements(LeaderLease lease) => new(transport, lease, Pool, time, loggers.CreateLogger<AnnouncementPublisher>());

    private TimeSpan Fetch => TimeSpan.FromSeconds(options.FetchSeconds);

    private TimeSpan PolicyLimit => TimeSpan.FromSeconds(options.PolicySeconds);

    private ProofVerification Verification() => new(Content, verifier, options.MaxOutputBytes, Fetch, PolicyLimit, checks, time);

    private IngressRules Rules(Sequencer sequencer, ReplyBatcher replies)
    {
        var nameRate = new RateLimit<EnsName>(options.NameRate, time);
        return new IngressRules(
            new SizeRule(),                                                  // first: nothing is even looked at beyond the limit
            new PeerRateRule(new RateLimit<string>(options.PeerRate, time)), // the transport peer is charged before any work, so that a forger can't spend a name's rate
            new PointerRule(Content, Fetch),                                 // a pointer becomes what it points to
            new FormRule(),                                                  // bytes become a snapshot; needed by all that follows
            new TopicRule(),                                                 // a claim on the jobs topic is a mistake or mischief
            new NameSpentRule(nameRate),                                     // a name that floods is not worth the checks that follow, whatever peers it comes by
            new JobPhaseRule(sequencer, replies),                            // a claim on a job that is taken needs no signature check: the announcement of the job's condition answers it
            new AddressRule(Pool, identity.Network),                         // cheap, and for the sender to know: so who that is must be checked before it is answered
            new FreshnessRule(time),                                         // likewise
            new SignatureRule(Signers),                                      // expensive: a name look-up and a signature recovery
            new SessionKeyRule(Signers),                                     // a delegation that is not known is fetched
            new NameRateRule(nameRate));                                     // after the signature: only its owner can spend a name's rate
    }
}
