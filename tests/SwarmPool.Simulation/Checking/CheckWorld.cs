using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Parties;
using SwarmPool.Snapshots;

namespace SwarmPool.Simulation.Checking;

/// <summary>
/// The rules alone, with miners that answer rightly, wrongly or not at all: no network, no daemon, no keys, so that thousands of jobs take seconds. What a
/// network does to messages, the other schedules try; here they get lost.
/// </summary>
internal sealed class CheckWorld
{
    private const string AnySignature = "0x1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111";
    private const int Honest = 4;
    private static readonly CheckMove[] Moves = [.. Enum.GetValues<CheckMove>().Where(static move => move is not (CheckMove.Honest or CheckMove.Alias or CheckMove.Colluder))];

    private readonly Dice dice;
    private readonly DecideFunction decide;
    private readonly List<CheckParty> parties = [];
    private readonly Dictionary<EnsName, EthAddress> payees = [];
    private readonly List<long> open = [];
    private string secret = "";

    public CheckWorld(ulong seed, DecideFunction decide)
    {
        dice = new Dice((seed * 0xD1342543DE82EF95) + 77);
        this.decide = decide;
        Messages = new CheckMessages(() => At / 1000);
        Scores = dice.Chance(0.4);
        Oracle = new CheckOracle(this);
        var settings = new PoolSettings
        {
            ClaimTimeoutMs = 8_000,
            MaxAttempts = 50,
            MaxAttemptMs = 60_000,
            MaxDeadlineMs = 7L * 24 * 3600 * 1000,
            MaxAmount = Usdc.Parse("1000"),
            ClaimsPerMiner = 2,
            CoolDownMs = 1_000,
            MinMinerStake = Usdc.Zero,
            JobsPerClient = 1_000,
            MaxJobs = 5_000,
            MaxMiners = 100,
            OperationsName = Cast.Pool,
            OperationsAddress = Address("operations"),
            Rules = PoolSettings.NewestRules,
            HeadStartMs = 1_000,
            Verifier = "simulation",
            Checks = new CheckSettings
            {
                NewcomerJobs = dice.Of([1, 3, 20]),
                LeastPpm = dice.Of([50_000, 300_000]),
                Kinds = Scores ? [new CheckKind("text", CheckKinds.Score)] : null,
                Calibrations = Scores ? [CheckMessages.Calibration] : null,
                DecoyPpm = dice.Of([0, 20_000, 500_000]),
            },
        };
        Submit(new StartedInput(1, settings), PoolFacts.None);
        OpenDraw();
        Join(Honest, CheckMove.Honest);
        foreach (var move in Enumerable.Range(0, dice.Between(0, 2)).Select(_ => dice.Of(Moves)).Distinct().ToList())
        {
            Join(1, move);
        }

        if (dice.Chance(0.4))
        {
            Join(2, CheckMove.Alias, one: true);
        }

        // What two payees agree on beforehand no rule can tell: schedules with them are held to less.
        if (dice.Chance(0.1))
        {
            Join(2, CheckMove.Colluder);
        }
    }

    public long At { get; private set; } = 1_700_000_000_000;

    public PoolState State { get; } = new();

    public CheckMessages Messages { get; }

    public CheckOracle Oracle { get; }

    /// <summary>Whether all jobs are checked by scores.</summary>
    public bool Scores { get; }

    public IReadOnlyList<CheckParty> Parties => parties;

    public bool HasConspiracy => parties.Exists(static party => party.Move == CheckMove.Colluder);

    public CheckParty PartyOf(EnsName name) => parties.Single(party => party.Name == name);

    public IReadOnlyList<JobEntry> OpenJobs() => [.. open.Select(State.Jobs.Find).OfType<JobEntry>().Where(static job => job.IsOpen)];

    /// <summary>Runs trouble, then calm until every job is over; tells what was wrong.</summary>
    public IReadOnlyList<string> Run(int jobs)
    {
        var left = jobs;
        for (var step = 0; Oracle.Problems.Count == 0 && (left > 0 || OpenJobs().Count > 0) && step < 20 * jobs + 2_000; step++)
        {
            if (left > 0 && dice.Chance(0.5))
            {
                left--;
                var patient = dice.Chance(0.8);
                Send(Messages.Job(
                    dice.Chance(0.3) ? Cast.BadClients[0] : Cast.Client, Usdc.FromMicro(dice.Between(1, 100_000)), patient ? 100_000 : dice.Between(20, 60),
                    Scores || dice.Chance(0.8) ? 1 : dice.Between(2, 3), dice.Chance(0.1) ? JobChecks.Always : null, Scores ? "text" : "t"));
                open.Add(State.TotalJobs);
            }

            Step(isCalm: left == 0);
        }

        Oracle.End();
        return Oracle.Problems;
    }

    public Decision Send(Snapshot body)
    {
        var bytes = SnapshotCodec.Canonical(body with { Sig = AnySignature });
        if (!SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal))
        {
            throw new InvalidOperationException(refusal.ToString());
        }

        var address = payees.GetValueOrDefault(body.Signer);
        return Submit(new MessageInput(snapshot), new PoolFacts
        {
            Signer = new NameFact(address, address, 0, null),
            Verdict = body is ProofSnapshot ? new VerdictFact("simulation", false) : null,
            InputBytes = body is JobSnapshot ? 5 : null,
        });
    }

    private void Step(bool isCalm)
    {
        At += dice.Between(300, 3_000);
        while (Submit(new TimeInput(), PoolFacts.None).Kind == DecisionKind.Accepted && Oracle.Problems.Count == 0)
        {
        }

        if (dice.Chance(0.01))
        {
            Submit(new EpochEndInput(), PoolFacts.None);
            OpenDraw();
        }

        foreach (var party in parties.OrderBy(_ => dice.Next()).ToList())
        {
            if (Oracle.Problems.Count == 0)
            {
                party.Act(isCalm);
            }
        }
    }

    private void OpenDraw()
    {
        secret = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"secret {dice.Next()}"))));
        Submit(new DrawInput(), new PoolFacts { Draw = new DrawFact(secret) });
    }

    private Decision Submit(PoolInput input, PoolFacts facts)
    {
        var decision = decide(State, input, facts, At);
        if (decision.Kind == DecisionKind.NeedsDraw)
        {
            facts = facts with { Draw = new DrawFact(secret) };
            decision = decide(State, input, facts, At);
        }

        if (decision.Kind == DecisionKind.Accepted)
        {
            var record = new PoolRecord(State.Sequence + 1, At, State.Sequence + 1, input, facts, decision.Events);
            Oracle.Read(record);
            State.Apply(record.Sequence, At, record.Events);
            Oracle.CheckState();
        }

        return decision;
    }

    private void Join(int count, CheckMove move, bool one = false)
    {
        var shared = Address($"{move} {parties.Count}");
        for (var i = 0; i < count; i++)
        {
            var name = EnsName.Parse($"{move}{parties.Count}.eth".ToLowerInvariant());
            payees[name] = one ? shared : Address(name.Text);
            parties.Add(new CheckParty(this, name, payees[name], move, dice.Of([0.2, 1.0]), dice.Fork()));
            Send(Messages.Registration(name));
        }
    }

    private static EthAddress Address(string of) => EthAddress.Parse("0x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(of)))[..40]);
}
