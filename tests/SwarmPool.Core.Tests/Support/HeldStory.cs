using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Support;

/// <summary>
/// A pool in which jobs are decided, checked and found wrong by the event, so that any order of them can be told; its epochs end, are settled and
/// sealed by the rules. Beside it the truth is kept in another way: each part of each job by itself, and what became of it.
/// </summary>
internal sealed class HeldStory
{
    private int jobs;

    public HeldStory(int? hold)
    {
        Tell(new StartedInput(1, SettingsOf(hold)));
        foreach (var miner in Enumerable.Range(0, 4))
        {
            Write(new MinerRegistered(Messages.Miner(miner), PayeeOf(miner), MiningMode.PPS, [Messages.Model], [], At / 1000, Messages.AnyCid($"registration {miner}")));
        }
    }

    public PoolState State { get; private set; } = new();

    public List<PoolRecord> Records { get; } = [];

    public long At { get; private set; } = Bench.Start;

    /// <summary>Every part of every decided job.</summary>
    public List<Part> Parts { get; } = [];

    /// <summary>The closed epochs as they were when they closed, by number.</summary>
    public SortedDictionary<long, EpochAccount> Closed { get; } = [];

    /// <summary>What a part of a job is.</summary>
    /// <param name="Decided">The epoch that it was decided in.</param>
    internal sealed record Part(long Sequence, long Decided, Cid Proof, EnsName Client, EthAddress Payee, string Model, Usdc Price)
    {
        public bool IsStruck { get; set; }

        /// <summary>The epoch that released it, paid or not; 0 while it is held.</summary>
        public long Released { get; set; }
    }

    /// <summary>Two of the miners have one payee.</summary>
    public static EthAddress PayeeOf(int miner) => new([.. Enumerable.Repeat((byte)(1 + (miner % 3)), 20)]);

    public static PoolSettings SettingsOf(int? hold) => Bench.DefaultSettings with { Rules = 3, MaxJobs = 10_000, MinMinerStake = Usdc.FromMicro(1), Checks = hold is { } epochs ? new CheckSettings { HoldEpochs = epochs } : null };

    /// <summary>With other settings; a pool that checks work does not stop checking.</summary>
    public void Restart(int? hold) => Tell(new StartedInput(State.Term + 1, SettingsOf(hold ?? (State.Rules > 2 ? 1 : null))));

    /// <summary>The daemon comes back from its saved state.</summary>
    public void Crash()
    {
        var bytes = StateCodec.Encode(State);
        State = StateCodec.Decode(bytes);
        Assert.Equal(bytes, StateCodec.Encode(State));
    }

    /// <summary>A job is decided by these miners' work.</summary>
    public void Decide(int client, string model, IReadOnlyList<int> miners, long micro)
    {
        var (cid, of) = (Messages.AnyCid($"job {++jobs}"), EnsName.Parse($"client{client}.eth"));
        PaidPart[] parts = [.. miners.Select((miner, i) => new PaidPart(
            Messages.AnyCid($"proof {jobs}.{i}"), Messages.Miner(miner), PayeeOf(miner), MiningMode.PPS, Usdc.FromMicro((micro / miners.Count) + (i == 0 ? micro % miners.Count : 0))))];
        var checks = State.Checks is not null;
        Write(
            new JobAccepted(cid, of, "classify", model, Usdc.FromMicro(micro), At + 3_600_000, 60_000, miners.Count, 4),
            checks ? new JobDecided(cid, parts, model, of, ProofChecks.Form) : new JobDecided(cid, parts));
        Parts.AddRange(parts.Select(part => new Part(State.Sequence, State.Epochs.Open!.Number, part.ProofCid, of, part.Payee, checks ? model : "", part.Price)));
    }

    /// <summary>A check of some job's work is worth something.</summary>
    public void Check(int checker, long micro)
    {
        var cid = Messages.AnyCid($"job {++jobs}");
        Write(
            new JobAccepted(cid, Messages.Client, "classify", Messages.Model, Usdc.FromMicro(micro), At + 3_600_000, 60_000, 1, 4),
            new CheckDecided(cid, 0, Messages.Miner(checker), PayeeOf(checker), CheckVerdicts.Right, Usdc.FromMicro(micro)));
    }

    /// <summary>A payee's work with a model is found wrong, or something else is.</summary>
    public void Refuse(int miner, string model, string reason = RefuseReasons.Outvoted)
    {
        var cid = Messages.AnyCid($"job {++jobs}");
        Write(
            new JobAccepted(cid, Messages.Client, "classify", model, Usdc.FromMicro(1), At + 3_600_000, 60_000, 1, 4),
            new WorkRefused(cid, 0, Messages.Miner(miner), PayeeOf(miner), model, reason));
        foreach (var part in Parts.Where(part => part.Released == 0 && part.Payee == PayeeOf(miner) && part.Model == model && RefuseReasons.Strikes(reason)))
        {
            part.IsStruck = true;
        }
    }

    /// <summary>The open epoch ends.</summary>
    public EpochClosed Close()
    {
        var number = State.Epochs.Open!.Number;
        var hold = State.Checks?.HoldEpochs ?? 0;
        Tell(new EpochEndInput());
        foreach (var part in Parts.Where(part => part.Released == 0 && part.Decided <= number - hold))
        {
            part.Released = number;
        }

        Closed[number] = State.Epochs.FindClosed(number)!.Copy();
        return Records[^1].Events.OfType<EpochClosed>().Single();
    }

    /// <summary>What the epoch settles, from records alone.</summary>
    public ReleasedWork WorkOf(EpochAccount epoch)
    {
        var (from, to) = (epoch.WorkFromSequence ?? epoch.FromSequence, epoch.WorkToSequence ?? epoch.ToSequence);
        var book = new WorkBook(epoch.WorkFrom ?? epoch.Number);
        foreach (var record in Records.Where(record => record.Sequence >= from && record.Sequence <= to))
        {
            book.Add(record);
            if (record.Events.OfType<EpochClosed>().Any())
            {
                book.End();
            }
        }

        return book.Release(epoch.WorkTo ?? epoch.Number, epoch.Struck ?? []);
    }

    /// <summary>The next closed epoch is settled, all to operations but what checkers get, and sealed.</summary>
    /// <returns>What it settled; null when none waits.</returns>
    public ReleasedWork? SettleNext()
    {
        if (State.Epochs.Closed is not [var next, ..])
        {
            return null;
        }

        var work = WorkOf(next);
        var volume = work.Entries.Aggregate(Usdc.Zero, static (sum, entry) => sum + entry.Price);
        var paid = CheckFees.Apply(work.Checks, volume);
        Tell(new SettledInput(next.Number), new PoolFacts
        {
            Settlement = new SettlementFact(
                new PolicyIdentity("all", "1", new string('a', 64)), false, new Payee(State.Settings!.OperationsName, State.Settings.OperationsAddress), paid.Operations, [], "")
            { Checkers = CheckFees.Items(paid) },
        });
        Tell(new SealedInput(next.Number, Messages.AnyCid($"epoch {next.Number}")));
        return work;
    }

    public void Write(params IReadOnlyList<PoolEvent> events) => Append(new TimeInput(), PoolFacts.None, events);

    private void Tell(PoolInput input, PoolFacts? facts = null) => Append(input, facts ?? PoolFacts.None, Bench.Accepted(PoolMachine.Decide(State, input, facts ?? PoolFacts.None, At)).Events);

    private void Append(PoolInput input, PoolFacts facts, IReadOnlyList<PoolEvent> events)
    {
        At += 7;
        var next = State.Sequence + 1;
        Records.Add(new PoolRecord(next, At, next, input, facts, events));
        State.Apply(next, At, events);
    }
}
