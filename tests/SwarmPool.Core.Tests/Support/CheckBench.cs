using System.Text.Json;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Support;

/// <summary>A pool that checks work, on the bench: miners commit and reveal, and what the rules ask for is looked up in the state.</summary>
internal sealed class CheckBench
{
    /// <summary>The secret of every epoch here.</summary>
    public const string Secret = "5ec2e70000000000000000000000000000000000000000000000000000000001";

    private static readonly string Salt = new('7', 64);

    public CheckBench(CheckSettings? checks = null, Func<PoolSettings, PoolSettings>? change = null)
    {
        var settings = Bench.DefaultSettings with { Rules = PoolSettings.NewestRules, Checks = checks ?? new CheckSettings(), ClaimsPerMiner = 20, HeadStartMs = 0 };
        Pool = new Bench(change is null ? settings : change(settings)) { Secret = Secret };
        Bench.Accepted(OpenDraw());
    }

    public Bench Pool { get; }

    public PoolState State => Pool.State;

    /// <summary>What honest miners compute with.</summary>
    public static NumericClass Class { get; } = new(new string('a', 64), "test", "cpu", "fp32");

    public Decision OpenDraw() => Pool.Send(new DrawInput(), new PoolFacts { Draw = new DrawFact(Secret) });

    /// <summary>A miner, paid at its own address or at another's.</summary>
    public EnsName Miner(int number, EnsName? paidAs = null)
    {
        if (paidAs is { } other)
        {
            Pool.Payouts[Messages.Miner(number)] = TestKeys.Of(other).Address;
        }

        return Pool.Miner(number);
    }

    public static EthAddress PayeeOf(EnsName miner) => TestKeys.Of(miner).Address;

    /// <summary>What the pool knows of a payee's work with the model.</summary>
    public TrustEntry Trust(EnsName miner) => State.Trust.Of(PayeeOf(miner), Messages.Model);

    public Cid Job(string amount = "1", int? replicas = null, string? check = null, string type = "image-classification")
    {
        var accepted = Bench.Accepted(Pool.Send(Pool.Messages.Job(amount, replicas: replicas) with { Check = check, JobType = type }));
        return accepted.Events.OfType<JobAccepted>().Single().Cid;
    }

    public Decision Commit(Cid job, EnsName miner, long fence, string output, int attempt = 1, string? commitment = null) => Pool.Send(new CommitmentSnapshot
    {
        Pool = Messages.Pool,
        Network = "local",
        Timestamp = Pool.At / 1000,
        Nonce = Nonce.FromHash(System.Text.Encoding.UTF8.GetBytes($"{job} {fence} {output} {Pool.At}")),
        Miner = miner,
        JobCid = job,
        Attempt = attempt,
        Fence = fence,
        Commitment = commitment ?? CommitmentTo(job, miner, fence, output, attempt),
    });

    public static string CommitmentTo(Cid job, EnsName miner, long fence, string output, int attempt = 1) =>
        ProofCommitment.Compute(job, attempt, fence, miner, Messages.AnyCid(output), null, Salt);

    public ProofSnapshot Proof(Cid job, EnsName miner, long fence, string output, int attempt = 1, string? runtime = null)
    {
        var proof = Pool.Messages.Proof(job, miner, fence, Messages.AnyCid(output), attempt) with { Salt = Salt };
        return runtime is null ? proof : proof with { Metrics = proof.Metrics with { Runtime = runtime } };
    }

    public Decision Reveal(Cid job, EnsName miner, long fence, string output, int attempt = 1, string? runtime = null) => Pool.Send(Proof(job, miner, fence, output, attempt, runtime));

    /// <summary>The checks of a job that have no result yet.</summary>
    public List<CheckWork> ChecksOf(Cid job) => State.Jobs[job].Checking?.Works.FindAll(static work => !work.HasResult) ?? [];

    /// <summary>Does a job to its end: whoever is asked commits to what it would answer and shows it when it is asked.</summary>
    /// <param name="job">The job.</param>
    /// <param name="miner">Who claims it.</param>
    /// <param name="answer">What each miner answers.</param>
    /// <param name="runtime">What each miner computes with; null: all alike.</param>
    public void Do(Cid job, EnsName miner, Func<EnsName, string> answer, Func<EnsName, string?>? runtime = null)
    {
        var attempt = State.Jobs[job].Attempt;
        var fence = Pool.Claim(job, miner, attempt);
        Bench.Accepted(Commit(job, miner, fence, answer(miner), attempt));
        Finish(job, answer, runtime);
    }

    /// <summary>Lets those who take part in a job commit and show their answers until nobody is asked any longer.</summary>
    /// <param name="job">The job.</param>
    /// <param name="answer">What each miner answers.</param>
    /// <param name="runtime">What each miner computes with; null: all alike.</param>
    /// <param name="except">Who shows nothing; null: nobody.</param>
    public void Finish(Cid job, Func<EnsName, string> answer, Func<EnsName, string?>? runtime = null, EnsName? except = null)
    {
        for (var i = 0; i < 20; i++)
        {
            var entry = State.Jobs[job];
            if (entry.Leases.Find(lease => lease.Reveals == true && lease.Miner != except) is { } lease)
            {
                Bench.Accepted(Reveal(job, lease.Miner, lease.Fence, answer(lease.Miner), lease.Attempt, runtime?.Invoke(lease.Miner)));
            }
            else if (ChecksOf(job).Find(work => work.Reveals == true) is { } shows)
            {
                Bench.Accepted(Reveal(job, shows.Miner, shows.Fence, answer(shows.Miner), shows.Attempt, runtime?.Invoke(shows.Miner)));
            }
            else if (ChecksOf(job).Find(work => work is { Kind: CheckKinds.Run, Commitment: null }) is { } runs)
            {
                Bench.Accepted(Commit(job, runs.Miner, runs.Fence, answer(runs.Miner), runs.Attempt));
            }
            else
            {
                return;
            }
        }

        Assert.Fail("the job comes to no end");
    }

    /// <summary>Does a job that is scored: each scorer that is asked tells what it is given.</summary>
    public Cid Scored(EnsName miner, Func<EnsName, CheckSnapshot, CheckSnapshot> scores, string amount = "1")
    {
        var job = Job(amount, type: "text");
        Do(job, miner, static _ => "an answer");
        while (ChecksOf(job) is [var work, ..])
        {
            Bench.Accepted(Pool.Send(scores(work.Miner, Score(job, work))));
        }

        return job;
    }

    /// <summary>Scores that pass; a test changes them.</summary>
    public CheckSnapshot Score(Cid job, CheckWork work) => new()
    {
        Pool = Messages.Pool,
        Network = "local",
        Timestamp = Pool.At / 1000,
        Nonce = Nonce.FromHash(System.Text.Encoding.UTF8.GetBytes($"{job} {work.Fence}")),
        Miner = work.Miner,
        JobCid = job,
        Fence = work.Fence,
        ProofCid = State.Jobs[job].Proofs[0].ProofCid,
        Result = CheckResults.Scored,
        Positions = 100,
        ExactWins = 99,
        MarginMicro = 1_000,
        TopDistanceMicro = 1_000,
        Class = Class,
    };

    /// <summary>The open epoch is over, and the next has its draw.</summary>
    public void NextEpoch()
    {
        Bench.Accepted(Pool.Send(new EpochEndInput()));
        Bench.Accepted(OpenDraw());
    }

    /// <summary>
    /// All that was recorded, once more: it is decided in the same way, reads back from its bytes as it was, and leads to the same state, from the
    /// beginning and from a saved state in the middle.
    /// </summary>
    public void AssertReplays()
    {
        var (state, saved) = (new PoolState(), new PoolState());
        var previous = JournalHead.Empty.Hash;
        foreach (var record in Pool.Records)
        {
            var stored = RecordCodec.Encode(record, previous);
            previous = stored.Hash;
            var read = RecordCodec.Decode(stored, withInput: true);
            var again = PoolMachine.Decide(state, read.Input!, read.Facts, read.At);
            Assert.Equal(Text(record.Events), Text(again.Events));
            Assert.Equal(Text(record.Events), Text(RecordCodec.Decode(stored, withInput: false).Events));
            if (record.Facts.Draw is not null && record.Input is not DrawInput)
            {
                Assert.Equal(DecisionKind.NeedsDraw, PoolMachine.Decide(state, read.Input!, read.Facts with { Draw = null }, read.At).Kind);
            }

            state.Apply(read.Sequence, read.At, read.Events);
            saved = record.Sequence % 7 == 0 ? StateCodec.Decode(StateCodec.Encode(saved)) : saved; // A daemon that starts anew.
            saved.Apply(read.Sequence, read.At, read.Events);
            Assert.Equal(state.Due.TryPeek(out var due) ? due : default, saved.Due.TryPeek(out var other) ? other : default);
        }

        Assert.Equal(StateHash.Of(State), StateHash.Of(state));
        Assert.Equal(StateHash.Of(State), StateHash.Of(saved));
        Assert.DoesNotContain(Secret, System.Text.Encoding.UTF8.GetString(StateCodec.Encode(State)), StringComparison.Ordinal);
    }

    private static string Text(IReadOnlyList<PoolEvent> events) => JsonSerializer.Serialize(events, PoolJson.Default.IReadOnlyListPoolEvent);
}
