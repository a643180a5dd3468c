using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Support;

/// <summary>The pool's rules on a bench: decides, applies and records, with a clock that the test turns.</summary>
internal sealed class Bench
{
    public const long Start = 1_700_000_000_000;

    // The rules take signatures for granted: the intake has checked them.
    private const string AnySignature = "0x1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111";

    public Bench(PoolSettings? settings = null)
    {
        Messages = new Messages(() => At / 1000);
        Settings = settings ?? DefaultSettings;
        Assert.Equal(DecisionKind.Accepted, Send(new StartedInput(1, Settings)).Kind);
    }

    public static PoolSettings DefaultSettings { get; } = new()
    {
        ClaimTimeoutMs = 60_000,
        MaxAttempts = 3,
        MaxAttemptMs = 600_000,
        MaxDeadlineMs = 7L * 24 * 3600 * 1000,
        MaxAmount = Usdc.Parse("1000"),
        ClaimsPerMiner = 2,
        CoolDownMs = 10_000,
        MinMinerStake = Usdc.Zero,
        JobsPerClient = 1000,
        MaxJobs = 1000,
        MaxMiners = 100,
        OperationsName = Messages.Pool,
        OperationsAddress = TestKeys.Of(Messages.Pool).Address,
    };

    public PoolSettings Settings { get; }

    public PoolState State { get; } = new();

    public long At { get; set; } = Start;

    public Messages Messages { get; }

    public List<PoolRecord> Records { get; } = [];

    /// <summary>The open epoch's secret, given where a decision asks for it; null: none is.</summary>
    public string? Secret { get; set; }

    /// <summary>Which outputs agree, given where a decision asks for it; null: nobody says.</summary>
    public AgreementFact? Agreement { get; set; }

    /// <summary>Whether messages are signed by their names' keys; else they have any signature, which the rules don't look at.</summary>
    public bool Signs { get; set; }

    /// <summary>Who is paid elsewhere than at its own key's address.</summary>
    public Dictionary<EnsName, EthAddress> Payouts { get; } = [];

    public IEnumerable<PoolEvent> Events => Records.SelectMany(r => r.Events);

    public static SignedSnapshot Signed(Snapshot body)
    {
        Assert.True(SnapshotCodec.TryDecode(SnapshotCodec.Canonical(body with { Sig = AnySignature }), out var snapshot, out var refusal), refusal?.ToString());
        return snapshot;
    }

    public Decision Send(PoolInput input, PoolFacts? facts = null)
    {
        facts ??= PoolFacts.None;
        var decision = PoolMachine.Decide(State, input, facts, At);
        while ((decision.Kind == DecisionKind.NeedsDraw && Secret is not null && facts.Draw is null) || (decision.Kind == DecisionKind.NeedsAgreement && Agreement is not null && facts.Agreement is null))
        {
            facts = decision.Kind == DecisionKind.NeedsDraw ? facts with { Draw = new DrawFact(Secret!) } : facts with { Agreement = Agreement };
            decision = PoolMachine.Decide(State, input, facts, At);
        }

        if (decision.Kind == DecisionKind.Accepted)
        {
            Records.Add(new PoolRecord(State.Sequence + 1, At, State.Sequence + 1, input, facts, decision.Events));
            State.Apply(State.Sequence + 1, At, decision.Events);
        }

        return decision;
    }

    /// <summary>Records an input that the rules were not asked about, with nothing that came of it.</summary>
    public void Record(PoolInput input)
    {
        Records.Add(new PoolRecord(State.Sequence + 1, At, State.Sequence + 1, input, PoolFacts.None, []));
        State.Apply(State.Sequence + 1, At, []);
    }

    public Decision Send(Snapshot body, bool needReplica = false, Usdc? stake = null) => Send(Signs ? SnapshotCodec.SignAsync(body, TestKeys.Of(body.Signer), CancellationToken.None).AsTask().GetAwaiter().GetResult() : Signed(body), needReplica, stake);

    public Decision Send(SignedSnapshot snapshot, bool needReplica = false, Usdc? stake = null) => Send(new MessageInput(snapshot), new PoolFacts
    {
        Signer = new NameFact(TestKeys.Of(snapshot.Body.Signer).Address, Payouts.TryGetValue(snapshot.Body.Signer, out var payout) ? payout : TestKeys.Of(snapshot.Body.Signer).Address, 0, stake),
        Verdict = snapshot.Body is ProofSnapshot ? new VerdictFact("hashes", needReplica) : null,
    });

    public Cid Job(string amount = "1", int? replicas = null, int? limit = null, long? deadline = null)
    {
        var job = Signed(Messages.Job(amount, deadline, replicas, limit));
        Accepted(Send(job));
        return job.Cid;
    }

    public EnsName Miner(int number, MiningMode mode = MiningMode.PPS)
    {
        Accepted(Send(Messages.Registration(Messages.Miner(number), mode)));
        return Messages.Miner(number);
    }

    /// <summary>Claims, and says the fence.</summary>
    public long Claim(Cid job, EnsName miner, int attempt = 1)
    {
        Accepted(Send(Messages.Claim(job, miner, attempt)));
        return State.Fence;
    }

    public Decision Prove(Cid job, EnsName miner, long fence, string output = "an output", int attempt = 1, bool needReplica = false) =>
        Send(Messages.Proof(job, miner, fence, Messages.AnyCid(output), attempt), needReplica);

    /// <summary>Lets time pass and does what becomes due.</summary>
    public void Pass(long ms)
    {
        At += ms;
        Settle();
    }

    /// <summary>Does what is due.</summary>
    public void Settle()
    {
        while (Send(new TimeInput()).Kind == DecisionKind.Accepted)
        {
        }
    }

    public void SettleAndSeal(long epoch)
    {
        Accepted(Send(new SettledInput(epoch), SettlementOf(epoch)));
        Accepted(Send(new SealedInput(epoch, Messages.AnyCid($"epoch {epoch}"))));
    }

    public PoolFacts SettlementOf(long epoch) => new()
    {
        Settlement = new SettlementFact(
            new PolicyIdentity("test", "1", new string('b', 64)), false, new Payee(Settings.OperationsName, Settings.OperationsAddress),
            State.Epochs.FindClosed(epoch)?.Volume ?? Usdc.Zero, [], $"state after {epoch}"),
    };

    public static Decision Accepted(Decision decision)
    {
        Assert.True(decision.Kind == DecisionKind.Accepted, $"{decision.Kind}: {decision.Refusal}");
        return decision;
    }

    public static void Refused(string code, Decision decision)
    {
        Assert.Equal(DecisionKind.Refused, decision.Kind);
        Assert.Equal(code, decision.Refusal!.Code);
        Assert.NotEmpty(decision.Refusal.Reason);
    }
}
