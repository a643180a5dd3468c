using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Checks;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Checking;

/// <summary>The rules of checks with one mistake.</summary>
internal static class WrongChecks
{
    public static Decision Decide(CheckBug bug, PoolState state, PoolInput input, PoolFacts facts, long at)
    {
        var right = PoolMachine.Decide(state, input, facts, at);
        return right.Kind is DecisionKind.NeedsDraw or DecisionKind.NeedsAgreement or DecisionKind.NeedsVerdict ? right : bug switch
        {
            CheckBug.DrawnIsNotChecked => Undrawn(right, at, static _ => true),
            CheckBug.NewcomersAreDrawnRarely when facts.Draw is { } draw => Undrawn(right, at, e => !Draw.IsDrawn(Draw.Point(draw.Secret, e.Cid, e.Fence), state.Checks!.LeastPpm)),
            CheckBug.CommitmentIsNotOpened when right.Refusal?.Code == ErrorCodes.CommitmentMismatch => Show(state, (MessageInput)input, facts, at),
            CheckBug.ShownBeforeOthersCommit when right.Refusal?.Code == ErrorCodes.RevealTooEarly => Show(state, (MessageInput)input, facts, at),
            CheckBug.CommitmentMayChange when right.Refusal?.Code == ErrorCodes.RevealTooEarly => Change(state, (ProofSnapshot)((MessageInput)input).Snapshot.Body, facts),
            CheckBug.CheckerOfTheSamePayee => Checker(state, right, (miner, round) => round.Parts.Any(part => part.Payee == miner.Payout && part.Miner != miner.Name)),
            CheckBug.AnybodyChecks => Checker(state, right, (miner, round) => !round.Parts.Any(part => part.Payee == miner.Payout)),
            CheckBug.MarkedGoesOnChecking => Checker(state, right, (miner, _) => state.Trust.Find(miner.Payout, Parties.Cast.Model)?.Marks >= TrustEntry.MostMarks),
            CheckBug.ReplicaOfTheSamePayee when right.Refusal?.Code == ErrorCodes.PayeeTakesPart => Claim(state, input, at),
            CheckBug.RefusedMayAnswerAgain when right.Refusal?.Code == ErrorCodes.AnswerWasRefused => Claim(state, input, at),
            CheckBug.OutvotedIsPaid => Paid(state, right, RefuseReasons.Outvoted),
            CheckBug.FlaggedIsPaid => Paid(state, right, RefuseReasons.Scores),
            CheckBug.HeldWorkIsKept => Change<WorkRefused>(right, static e => e with { Reason = e.Reason == RefuseReasons.Outvoted ? RefuseReasons.OtherClass : e.Reason }),
            CheckBug.DissentIsFree when right.Events.OfType<WorkRefused>().Any() => Decision.Accept([.. right.Events.Where(static e => e is not ProofDisputed)]),
            CheckBug.ChecksArePaidForNothing => Change<CheckDecided>(right, e => e with { Fee = Usdc.FromMicro(state.Jobs[e.Cid].Price.Micro / 10) }),
            CheckBug.ChecksOfRefusedWorkArePaid => Change<CheckDecided>(right, e => e with { Fee = e.Verdict == CheckVerdicts.Wrong ? Usdc.FromMicro(state.Jobs[e.Cid].Price.Micro / 10) : e.Fee }),
            CheckBug.SlanderIsFree => Change<CheckDecided>(right, static e => e with { Marked = null }),
            CheckBug.WithholdingIsFree => Change<LeaseEnded>(right, static e => e with { Reason = e.Reason == LeaseEndReasons.Withheld ? LeaseEndReasons.Released : e.Reason }),
            CheckBug.WaitingJobExpires when input is TimeInput && state.Jobs.InOrder().FirstOrDefault(job => job is { IsOpen: true, IsAnswered: true } && job.DeadlineMs <= at) is { } late =>
                Decision.Accept(new JobFailed(late.Cid, JobFailReasons.Expired)),
            CheckBug.LapsedCheckCountsAsWrong when right.Events.OfType<CheckEnded>().FirstOrDefault() is { } ended => Refused(state, ended.Cid, right.Events[0]),
            CheckBug.OneAgainstOneIsWrong when right.Events.OfType<CheckAssigned>().FirstOrDefault() is { DisputeUntil: not null } third => Refused(state, third.Cid, right.Events[0]),
            CheckBug.PayeeMayChange => Change<ProofAccepted>(right, static e => e with { Payee = EthAddress.Parse($"0x{1:x40}") }),
            CheckBug.UncheckedIsCalledRight => Change<JobDecided>(right, static e => e with { Check = e.Check == ProofChecks.Unchecked ? ProofChecks.Right : e.Check }),
            CheckBug.FailedScoresDoNotCount => Change<ScoreJudged>(right, e => e.Fails ? e with { LlrMilliNats = state.Trust.Of(e.Payee, e.Model).LlrMilliNats } : e),
            _ => right,
        };
    }

    private static Decision Change<TEvent>(Decision right, Func<TEvent, PoolEvent> change)
        where TEvent : PoolEvent => right.Events.Any(static e => e is TEvent) ? Decision.Accept([.. right.Events.Select(e => e is TEvent hit ? change(hit) : e)]) : right;

    private static Decision Undrawn(Decision right, long at, Func<ProofCommitted, bool> which) => right.Events.OfType<ProofCommitted>().FirstOrDefault() is { Drawn: true } drawn && which(drawn)
        ? Decision.Accept(drawn with { Drawn = false, RevealUntil = at + 30_000, CheckUntil = null })
        : right;

    private static Decision Show(PoolState state, MessageInput input, PoolFacts facts, long at)
    {
        var proof = (ProofSnapshot)input.Snapshot.Body;
        var job = state.Jobs[proof.JobCid];
        var round = Round.Of(job);
        var part = round[proof.Fence];
        var numbers = NumericClasses.Of(proof.Metrics);
        PoolEvent shown = part.Kind is null
            ? new ProofAccepted(job.Cid, part.Attempt, part.Fence, part.Miner, part.Payee, input.Snapshot.Cid, proof.OutputCid, "simulation", numbers)
            : new CheckProved(job.Cid, part.Attempt, part.Fence, part.Miner, part.Payee, input.Snapshot.Cid, proof.OutputCid, "simulation", numbers);
        return CheckSteps.Next(state, job, round.With(part with { Proof = input.Snapshot.Cid, Output = proof.OutputCid, Class = numbers }), job.Checking?.Until, facts, at, [shown]);
    }

    private static Decision Change(PoolState state, ProofSnapshot proof, PoolFacts facts) => Decision.Accept(
        new ProofCommitted(proof.JobCid, proof.Attempt, proof.Fence, proof.Miner, facts.Signer!.Payout, new string('1', 64), state.Jobs[proof.JobCid].LeaseOf(proof.Fence)?.Drawn));

    private static Decision Checker(PoolState state, Decision right, Func<MinerEntry, Round, bool> wanted) => Change<CheckAssigned>(right, e =>
    {
        // With what the same record changes: whoever has just committed is paid where its facts say.
        var job = state.Jobs[e.Cid];
        var round = Round.Of(job);
        foreach (var committed in right.Events.OfType<ProofCommitted>())
        {
            round = round.With(round[committed.Fence] with { Payee = committed.Payee });
        }

        return state.Miners.InOrder.FirstOrDefault(miner => miner.Name != e.Miner && job.Checking?.Asked.Contains(miner.Name) != true && wanted(miner, round)) is { } other
            ? e with { Miner = other.Name, Payee = other.Payout }
            : e;
    });

    private static Decision Claim(PoolState state, PoolInput input, long at)
    {
        if (input is not MessageInput { Snapshot.Body: ClaimSnapshot claim })
        {
            return Decision.Nothing;
        }

        var job = state.Jobs[claim.JobCid];
        return Decision.Accept(new JobClaimed(job.Cid, job.Attempt, claim.Miner, state.Miners[claim.Miner].Mode, state.Fence + 1, at + 8_000, at + 60_000));
    }

    private static Decision Paid(PoolState state, Decision right, string reason)
    {
        if (right.Events.OfType<WorkRefused>().FirstOrDefault(e => e.Reason == reason) is not { } refused || right.Events.Any(static e => e is JobDecided))
        {
            return right;
        }

        var job = state.Jobs[refused.Cid];
        var proof = job.Proofs.Find(one => one.Fence == refused.Fence)?.ProofCid ?? right.Events.OfType<ProofAccepted>().First().ProofCid;
        return Decision.Accept(
            [.. right.Events.Where(static e => e is not (WorkRefused or ProofDisputed or JobRequeued)), new JobDecided(job.Cid, [new PaidPart(proof, refused.Miner, refused.Payee, MiningMode.PPS, job.Price)], job.Wanted, job.Client, ProofChecks.Right)]);
    }

    private static Decision Refused(PoolState state, Cid cid, PoolEvent first)
    {
        var executor = Round.Of(state.Jobs[cid]).Executors.First();
        return Decision.Accept(first, new WorkRefused(cid, executor.Fence, executor.Miner, executor.Payee, Parties.Cast.Model, RefuseReasons.Outvoted), new ProofDisputed(cid, executor.Miner, 0));
    }
}
