using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Delegating;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Daemon.Intake;
using SwarmPool.Runtime.Daemon.Intake.Rules;
using SwarmPool.Runtime.Daemon.Publishing;
using SwarmPool.Runtime.Daemon.Standing;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Signatures;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Daemon;

/// <summary>What a daemon is made of: the slots, and how its desks are put together around a sequencer.</summary>
internal sealed class DaemonParts(
    DaemonOptions options, ITransport transport, IIdentityProvider identity, ISigner signer, IPoolJournal journal, ISettlementPolicy policy,
    IProofVerifier verifier, IDaemonObserver observer, StandbyLag lag, IntakeCounters counters, DaemonControl control, ISignatureEngine engine, TaskScheduler checks,
    TimeProvider time, ILoggerFactory loggers, INonceSource nonces, DecideFunction decide,
    SignedSnapshot? delegation = null)
{
    private readonly NameDirectory names = new(identity, time);
    private readonly DelegationDesk delegations = new(new ContentReader(transport.Content, time), time);

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
    public ValueTask<PoolLease> TakeAsync(WarmState warm, Action follows, ILogger logger, CancellationToken stopping) => options.Standby
        ? new Standby(journal, Pool, Owner, Lease, lag, observer, time, logger).TakeAsync(warm, follows, stopping)
        : PoolLease.TakeAsync(journal, Pool, Owner, Lease, time, logger, stopping);

    /// <summary>What the pool has published, as far as it can be known here.</summary>
    public LastPublished Published() => new(transport, Content, Signers, Pool, time, loggers);

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

    public Announcer Announcer(PoolLease lease, ChannelReader<Commit> commits) => new(Writer, Speaker(lease), journal, lease.Held, observer, commits, loggers.CreateLogger<Announcer>());

    /// <summary>Opens the desks around the sequencer; they run until the token is cancelled.</summary>
    public async ValueTask<DaemonDesks> OpenAsync(Sequencer sequencer, PoolLease lease, CancellationToken cancellationToken)
    {
        var speaker = Speaker(lease);
        var answers = new AnswerDesk(sequencer, Writer, speaker, nonces, time);
        var uses = new UseBook();
        var keeper = new ContentKeeper(transport.Content, uses, Fetch, time, loggers.CreateLogger<ContentKeeper>());
        var presence = new Presence(observer, time);
        var shelf = new RevocationShelf(keeper, time);
        var revocations = new RevocationVoice(sequencer, transport, Content, delegations, shelf, Pool, time, loggers.CreateLogger<RevocationVoice>());
        await revocations.RememberAsync(cancellationToken);
        await OwnDelegation.ShowAsync(transport.Content, delegation, cancellationToken);
        var judge = new Judge(sequencer, answers, keeper, Court(), presence, revocations, counters, observer);
        var intake = new IntakeDesk(
            transport.PubSub, Content, Pool, Rules(sequencer, answers), judge, counters, observer, Fetch, time, loggers.CreateLogger<IntakeDesk>());
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
        var face = new PublicFace(
            transport,
            journal.PublicIndex,
            Pool,
            contents,
            new EpochChain(contents, options.KeepEpochs),
            new Retention(contents, uses, sequencer, keeper),
            loggers.CreateLogger<PublicFace>());
        var publisher = new StatePublisher(
            sequencer, journal, lease, transport, speaker, signer, Pool, identity.Network, presence, observer, face,
            TimeSpan.FromSeconds(options.StateSeconds), time, loggers.CreateLogger<StatePublisher>(), delegation?.Cid);
        control.Attach(sealer);
        var letting = await intake.StartAsync(checks, cancellationToken);
        return new DaemonDesks(
            [.. letting, answers.RunAsync(cancellationToken), keeper.RunAsync(cancellationToken), sealer.RunAsync(cancellationToken), revocations.RunAsync(cancellationToken), shelf.RunAsync(cancellationToken), Watch().RunAsync(cancellationToken), publisher.RunAsync(cancellationToken), face.RunAsync(cancellationToken)],
            sealer);
    }

    private AnnouncementWriter Writer => new(Pool, identity.Network, signer, loggers.CreateLogger<AnnouncementWriter>(), delegation?.Cid);

    private DelegationWatch Watch() => new(delegation, delegations, time, ends => DaemonLog.DelegationEnds(loggers.CreateLogger<PoolDaemon>(), ends));

    private string Owner { get; } = OwnerName.Of(options.Instance);

    private Speaker Speaker(PoolLease lease) => new(transport, lease, Pool, time, loggers.CreateLogger<Speaker>());

    private TimeSpan Fetch => TimeSpan.FromSeconds(options.FetchSeconds);

    private TimeSpan PolicyLimit => TimeSpan.FromSeconds(options.PolicySeconds);

    private ProofCourt Court() => new(Content, verifier, options.MaxOutputBytes, Fetch, PolicyLimit, checks, time);

    private IntakeRules Rules(Sequencer sequencer, AnswerDesk answers)
    {
        var nameRate = new RateLimit<EnsName>(options.NameRate, time);
        return new IntakeRules(
            new PeerRateRule(new RateLimit<string>(options.PeerRate, time)),
            new AddressRule(Pool, identity.Network),
            new FreshnessRule(time),
            new NameSpentRule(nameRate),
            new StandingRule(sequencer, answers),
            new SignatureRule(Signers),
            new NameRateRule(nameRate));
    }
}
