using System.Buffers.Binary;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Checks;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Tools.Adversaries;

/// <summary>
/// A pool in which one miner is an adversary, job by job. What is decided is decided by the rules of the core themselves: draws, the ranking of checkers, the
/// judgement, the sequential test, and what becomes of a payee's record and of what is held for it. Left out is what they are not about: messages, clocks and
/// leases. Every miner always answers.
/// </summary>
internal sealed class PoolGame
{
    private const string Model = "model";
    private const string JobType = "job";
    private const int Miners = 10;

    // Beyond the epoch's own events nothing happens at a time.
    private const long Now = 1_000_000;

    private static readonly EnsName Client = EnsName.Parse("client.eth");

    private readonly PoolState state = new();
    private readonly Adversary adversary;
    private readonly Dice dice;
    private readonly HashSet<EnsName> accomplices = [];
    private readonly Dictionary<EthAddress, List<(long Epoch, int Right, int Wrong)>> held = [];
    private readonly EnsName name = Names.Miner(1);
    private readonly long hold;
    private string secret = "";
    private int nextPayee = 100;
    private EthAddress payee;
    private long fence;
    private int jobsOfEpoch;

    public PoolGame(Policy policy, Adversary adversary, Tally tally, ulong seed)
    {
        this.adversary = adversary;
        Tally = tally;
        dice = new Dice(seed);
        state.Rules = PoolSettings.NewestRules;
        state.Settings = policy.Settings();
        hold = policy.Checks?.HoldEpochs ?? 0;
        payee = Names.Address(nextPayee);
        for (var i = 1; i <= Miners + adversary.SamePayee; i++)
        {
            Join(i);
        }

        OpenEpoch(1);
    }

    /// <summary>What came of it so far, other games before included.</summary>
    public Tally Tally { get; }

    /// <summary>Whether the payee was found wrong since it came.</summary>
    public bool IsFlagged { get; private set; }

    /// <summary>Comes back as somebody whom nobody knows.</summary>
    public void Rename()
    {
        payee = Names.Address(++nextPayee);
        IsFlagged = false;
        foreach (var miner in state.Miners.InOrder.Where(miner => miner.Name == name || IsSamePayee(miner)))
        {
            miner.Payout = payee;
        }
    }

    /// <summary>One job that the adversary claims.</summary>
    /// <param name="isWrong">Whether its answer is.</param>
    public void Play(bool isWrong)
    {
        Tally.Jobs++;
        Tally.WrongGiven += isWrong || adversary.Copies ? 1 : 0;
        if (adversary.FailsFast)
        {
            Tally.Redone++; // Nothing is committed, checked or decided: it is another's.
        }
        else if (adversary.Copies)
        {
            PlayCopy();
        }
        else if (state.Checks is null)
        {
            Pay(isWrong, 1);
        }
        else
        {
            PlayChecked(isWrong);
        }

        Others();
        if (++jobsOfEpoch >= adversary.JobsAnEpoch)
        {
            NextEpoch();
        }
    }

    /// <summary>Passes over so many epochs in which it does nothing: what is held then is paid.</summary>
    public void CashOut()
    {
        for (var i = 0; i <= hold; i++)
        {
            NextEpoch();
        }
    }

    // The other miners do as many jobs each, rightly: what was held against them as checkers is forgotten by that.
    private void Others()
    {
        if (state.Checks is null || (adversary.Accomplices == 0 && adversary.Checker == CheckerKind.Honest))
        {
            return;
        }

        var job = NextJob();
        foreach (var miner in state.Miners.InOrder.Where(miner => miner.Payout != payee))
        {
            TrustChanges.Decide(state, job, Decided(job, [Shown(new RoundPart(1, 1, miner.Name, miner.Payout), isWrong: false)], ProofChecks.Form).Parts, ProofChecks.Form);
        }
    }

    private static JobDecided Decided(JobEntry job, IReadOnlyList<RoundPart> paid, string check) => JudgeRules.Decided(job, paid, check, paid);

    private void PlayChecked(bool isWrong)
    {
        var job = NextJob();
        var executor = new RoundPart(++fence, 1, name, payee) { Committed = true };
        var trust = state.Trust.Of(payee, Model);
        if (!Draw.IsDrawn(Draw.Point(secret, job.Cid, executor.Fence), state.Checks!, trust.Decided, Policy.Price, trust.HeldMicro))
        {
            Apply(job, new RoundGame(), [Decided(job, [Shown(executor, isWrong)], ProofChecks.Form)], isWrong);
            return;
        }

        Tally.Drawn++;
        if (adversary.Withholds)
        {
            Withhold(job, executor);
            return;
        }

        var kind = adversary.IsScored ? CheckKinds.Score : CheckKinds.Run;
        var game = new RoundGame { Parts = [Shown(executor, isWrong) with { Drawn = true }] };
        var looked = CheckerSearch.For(state, job, game.Round, kind, Now + 1, begins: false, Facts, Now, []);
        while (true)
        {
            // Nobody to check: decided on its form alone.
            if (looked is null || looked.Events.OfType<CheckAssigned>().SingleOrDefault() is not { } assigned)
            {
                Apply(job, game, looked?.Events ?? [Decided(job, game.Parts, ProofChecks.Unchecked)], isWrong);
                return;
            }

            Check(job, game, assigned, isWrong);
            looked = kind == CheckKinds.Run
                ? JudgeRules.Judge(state, job, game.Round, Now + 1, Facts, Now, [])
                : ScoreRules.Judge(state, job, game.Round, Now + 1, Facts, Now, []);
        }
    }

    private void Check(JobEntry job, RoundGame game, CheckAssigned assigned, bool isWrong)
    {
        Tally.Checks++;
        fence = assigned.Fence;
        var checking = job.Checking ??= new JobChecking();
        checking.Asked.Add(assigned.Miner);
        checking.Disputed = game.Parts.Count > 1 ? true : null;
        var part = new RoundPart(assigned.Fence, 1, assigned.Miner, assigned.Payee) { Kind = assigned.Kind, Committed = true };
        var isAdversary = assigned.Miner == Names.Miner(2) && adversary.Checker != CheckerKind.Honest;
        if (assigned.Kind == CheckKinds.Score)
        {
            var says = accomplices.Contains(assigned.Miner) || (isAdversary && adversary.Checker == CheckerKind.Lazy) ? false
                : isAdversary || (isWrong ? !dice.IsIn(Chances.MissedPpm) : game.IsUnlucky ??= dice.IsIn(Chances.HonestFailPpm));
            game.Parts.Add(part with { Grade = says ? ScoreGrades.Fail : ScoreGrades.Pass, Positions = Chances.Positions, Proof = Content(0) });
            return;
        }

        // What it says is computed, or known by agreement, or a guess: a commitment shows nothing of another's answer.
        var answer = accomplices.Contains(assigned.Miner) && isWrong ? 1 : isAdversary ? 1_000 + (int)(dice.Next() % 1_000_000) : 0;
        game.Parts.Add(part with { Proof = Content(2), Output = Content(10 + answer), Class = "class" });
    }

    private void Apply(JobEntry job, RoundGame game, IReadOnlyList<PoolEvent> events, bool isWrong)
    {
        state.Sequence++;
        foreach (var e in events)
        {
            switch (e)
            {
                case JobDecided decided:
                    TrustChanges.Decide(state, job, decided.Parts, decided.Check!);
                    Pay(isWrong, 1);
                    break;
                case CheckDecided decided:
                    TrustChanges.Decide(state, job, decided);
                    Fee(decided);
                    break;
                case WorkRefused refused:
                    TrustChanges.Refuse(state, refused);
                    Refuse(refused, isWrong);
                    break;
                case ScoreJudged judged:
                    TrustChanges.Judge(state, judged);
                    break;
                case JobRequeued or ProofDisputed:
                    break;
                default:
                    throw new InvalidOperationException($"The game has no {e.GetType().Name}: {game.Parts.Count} parts.");
            }
        }

        Tally.Redone += events.Any(static e => e is JobRequeued) ? 1 : 0;
        RequireSameHeld();
    }

    private void Refuse(WorkRefused refused, bool isWrong)
    {
        Tally.Refused++;
        Tally.RightRefused += isWrong ? 0 : 1;
        if (RefuseReasons.Strikes(refused.Reason))
        {
            Tally.Struck++;
            IsFlagged = true;
            held.Remove(refused.Payee);
        }
    }

    private void Fee(CheckDecided decided)
    {
        if (decided.Checker == Names.Miner(2) && adversary.Checker != CheckerKind.Honest)
        {
            Tally.OwnChecks++;
            Tally.OwnFees += decided.Fee.Micro;
        }

        Tally.Fees += decided.Fee.Micro;
    }

    // It was told to wait, so it knows that it is checked, and shows nothing.
    private void Withhold(JobEntry job, RoundPart executor)
    {
        state.Sequence++;
        Tally.Redone++;
        var marks = state.Trust.Of(payee, Model).Marks;
        TrustChanges.Mark(state, payee, Model, 1);
        if (marks + 1 >= TrustEntry.MostMarks)
        {
            var refused = new WorkRefused(job.Cid, executor.Fence, name, payee, Model, RefuseReasons.Withheld);
            TrustChanges.Refuse(state, refused);
            Refuse(refused, isWrong: true);
        }
    }

    // It says what another committed to. That names another miner and another fence, so that nothing opens it.
    private void PlayCopy()
    {
        var (job, salt) = (NextJob().Cid, Convert.ToHexStringLower(dice.Bytes(32)));
        var (honest, copy) = (++fence, ++fence);
        var output = Content(10);
        var seen = Protocol.Snapshots.ProofCommitment.Compute(job, 1, honest, Names.Miner(3), output, null, salt);
        var opens = Protocol.Snapshots.ProofCommitment.Compute(job, 1, copy, name, output, null, salt) == seen;
        Tally.Redone++;
        if (opens)
        {
            Tally.WrongAccepted++;
            Tally.WrongPaid++;
        }
    }

    private void Pay(bool isWrong, int count)
    {
        Tally.WrongAccepted += isWrong ? 1 : 0;
        var own = held.TryGetValue(payee, out var known) ? known : held[payee] = [];
        var epoch = state.Epochs.Open!.Number;
        if (own is not [.., var last] || last.Epoch != epoch)
        {
            own.Add(last = (epoch, 0, 0));
        }

        own[^1] = (epoch, last.Right + (isWrong ? 0 : count), last.Wrong + (isWrong ? count : 0));
    }

    // What the rules hold and what is counted here are the same money.
    private void RequireSameHeld()
    {
        var own = held.TryGetValue(payee, out var known) ? known.Sum(static one => one.Right + one.Wrong) * Policy.Price : 0;
        if (state.Trust.Of(payee, Model).HeldMicro != own)
        {
            throw new InvalidOperationException($"The rules hold {state.Trust.Of(payee, Model).HeldMicro}, and {own} was counted.");
        }
    }

    private void NextEpoch()
    {
        var closed = state.Epochs.Open!.Number;
        state.Trust.Release(closed - hold);
        foreach (var (whose, works) in held)
        {
            foreach (var (epoch, right, wrong) in works.Where(work => work.Epoch <= closed - hold))
            {
                Tally.RightPaid += right;
                Tally.WrongPaid += wrong;
            }

            works.RemoveAll(work => work.Epoch <= closed - hold);
        }

        foreach (var nobody in held.Where(static one => one.Value.Count == 0).Select(static one => one.Key).ToList())
        {
            held.Remove(nobody);
        }

        OpenEpoch(closed + 1);
    }

    private void OpenEpoch(long number)
    {
        jobsOfEpoch = 0;
        secret = Convert.ToHexStringLower(dice.Bytes(32));
        state.Epochs.Open = new EpochAccount { Number = number, StartedAt = 0, FromSequence = 1, OpeningState = "", DrawCommitment = Draw.CommitmentOf(secret) };
    }

    private void Join(int number)
    {
        var miner = state.Miners.GetOrAdd(Names.Miner(number), Now);
        state.Miners.SetOffer(miner, [Model], [], null);
        miner.SeenAt = Now;
        miner.Payout = number == 1 || number > Miners ? payee : Names.Address(number);
        if (number > 1 && number <= 1 + adversary.Accomplices)
        {
            accomplices.Add(miner.Name);
        }
    }

    private static bool IsSamePayee(MinerEntry miner) => miner.Number > Miners;

    private PoolFacts Facts => PoolFacts.None with { Draw = new DrawFact(secret) };

    private JobEntry NextJob() => new()
    {
        Cid = Content(1_000_000_000 + (long)Tally.Jobs),
        Number = 1,
        Client = Client,
        JobType = JobType,
        Model = Model,
        Price = Usdc.FromMicro(Policy.Price),
        DeadlineMs = long.MaxValue,
        AttemptMs = 3_600_000,
        Replicas = 1,
    };

    private static RoundPart Shown(RoundPart part, bool isWrong) => part with { Proof = Content(1), Output = Content(10 + (isWrong ? 1 : 0)), Class = "class" };

    private static Cid Content(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return Cid.OfBlock(bytes);
    }

    private sealed class RoundGame
    {
        public List<RoundPart> Parts { get; init; } = [];

        /// <summary>Whether an honest answer of this job scores beyond the limit: with all checkers alike, since they compute the same.</summary>
        public bool? IsUnlucky { get; set; }

        public Round Round => new([.. Parts]);
    }
}
