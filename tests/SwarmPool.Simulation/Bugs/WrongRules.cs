using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Rules;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Parties;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Bugs;

/// <summary>The pool's rules with one mistake.</summary>
internal static class WrongRules
{
    public static Decision Decide(Bug bug, PoolState state, PoolInput input, PoolFacts facts, long at)
    {
        var right = PoolMachine.Decide(state, input, facts, at);
        var proof = (input as MessageInput)?.Snapshot.Body as ProofSnapshot;
        return bug switch
        {
            Bug.P14_RequeueKeepsTheAttempt => Change<JobRequeued>(right, e => e with { Attempt = e.Attempt - 1 }),
            Bug.P15_ProofWhileSealingIsNotDecided when state.Epochs.Closed.Count > 0 => Without<JobDecided>(right),
            Bug.P17_LateProofThrows when proof is not null && facts.Verdict is not null && right.Kind == DecisionKind.Refused && JobOf(state, proof)?.LeaseOf(proof.Fence) is null =>
                throw new InvalidOperationException("the claim is gone"),
            Bug.P17_LateProofIsTaken when proof is not null && right.Kind == DecisionKind.Refused && JobOf(state, proof) is { IsOpen: true } job && job.LeaseOf(proof.Fence) is null =>
                Late(job, ((MessageInput)input).Snapshot.Cid, proof, facts),
            Bug.P18_ProofAndDecisionApart => Apart(state, input, right),
            Bug.P20_NoCoolDown => Change<LeaseEnded>(right, e => e with { CoolDownUntil = 0 }),
            Bug.P20_NoClaimCap when IsClaim(input, right, "SP3108") || IsClaim(input, right, ErrorCodes.ClaimCap) => Claim(state, (MessageInput)input, at),
            Bug.P21_NoRenewal when (input as MessageInput)?.Snapshot.Body is HeartbeatSnapshot => Decision.Nothing,
            Bug.P10_EndedJobIsAcceptedAgain when input is MessageInput { Snapshot: { Body: JobSnapshot job } sent } && state.Jobs.TryGet(sent.Cid, out var old) && !old.IsOpen =>
                Decision.Accept(new JobAccepted(sent.Cid, job.Client, job.JobType, job.Model, job.Payment.Amount, old.DeadlineMs, old.AttemptMs, 1, 0)),
            Bug.P13_PayeeOfAnother => Change<ProofAccepted>(right, e => e with { Payee = Cast.KeyOf(Cast.Mallory).Address }),
            Bug.P03_SharesLoseTheRemainder => Change<JobDecided>(right, e => e with { Parts = [.. e.Parts.Select(p => p with { Price = Usdc.FromMicro(state.Jobs[e.Cid].Price.Micro / e.Parts.Count) })] }),
            Bug.ReplicaThatNobodyAskedFor when proof is not null && right.Events.OfType<JobDecided>().Any() => Decision.Accept([new ReplicaAdded(proof.JobCid), .. Without<JobDecided>(right).Events]),
            Bug.FenceIsUsedAgain => Change<JobClaimed>(right, e => e with { Fence = Math.Max(1, e.Fence - 1) }),
            Bug.SecondClaimIsTaken when IsClaim(input, right, ErrorCodes.JobNotPending) => Claim(state, (MessageInput)input, at),
            Bug.StrangersUseUpAttempts when right.Events.OfType<LeaseEnded>().FirstOrDefault() is { Counts: null } && right.Events.OfType<JobRequeued>().Single() is { Attempt: > 3 } again =>
                Decision.Accept(right.Events[0], new JobFailed(again.Cid, JobFailReasons.MaxAttempts)),
            Bug.StrikesCountWithEverybody when input is MessageInput { Snapshot.Body: ClaimSnapshot claim } && right.Kind == DecisionKind.Accepted
                && state.Miners[claim.Miner].Clients?.Exists(one => one.PauseUntil > at) == true =>
                Decision.Refuse(ErrorCodes.CoolDown, "some client has a strike against it"),
            Bug.ReservedJobIsGivenAway when IsClaim(input, right, ErrorCodes.JobReserved) => Claim(state, (MessageInput)input, at),
            Bug.LeaseEndsEarly when input is TimeInput => TimeRules.Pass(state, at + 4000),
            _ => right,
        };
    }

    private static Decision Change<TEvent>(Decision right, Func<TEvent, PoolEvent> change)
        where TEvent : PoolEvent => right.Events.Any(e => e is TEvent)
        ? Decision.Accept([.. right.Events.Select(e => e is TEvent hit ? change(hit) : e)])
        : right;

    private static Decision Without<TEvent>(Decision right)
        where TEvent : PoolEvent => right.Events.Any(e => e is TEvent) ? Decision.Accept([.. right.Events.Where(e => e is not TEvent)]) : right;

    // The decision comes with the next tick, from the proofs that the state holds.
    private static Decision Apart(PoolState state, PoolInput input, Decision right)
    {
        if (input is not TimeInput || right.Kind == DecisionKind.Accepted)
        {
            return Without<JobDecided>(right);
        }

        var ripe = state.Jobs.InOrder().FirstOrDefault(j => j.IsOpen && j.Proofs.Count > 0 && j.Proofs.Count == j.Replicas);
        return ripe is null
            ? right
            : Decision.Accept(new JobDecided(ripe.Cid, [.. ripe.Proofs.Take(1).Select(p => new PaidPart(p.ProofCid, p.Miner, p.Payee, p.Mode, ripe.Price))]));
    }

    private static Decision Late(JobEntry job, Cid cid, ProofSnapshot proof, PoolFacts facts) => facts.Verdict is { } verdict
        ? Decision.Accept(
            new ProofAccepted(job.Cid, proof.Attempt, proof.Fence, proof.Miner, facts.Signer!.Payout, cid, proof.OutputCid, verdict.Verifier),
            new JobDecided(job.Cid, [new PaidPart(cid, proof.Miner, facts.Signer.Payout, MiningMode.PPS, job.Price)]))
        : Decision.NeedsVerdict;

    private static JobEntry? JobOf(PoolState state, ProofSnapshot proof) => state.Jobs.TryGet(proof.JobCid, out var job) ? job : null;

    private static bool IsClaim(PoolInput input, Decision right, string code) =>
        input is MessageInput { Snapshot.Body: ClaimSnapshot } && right.Refusal?.Code == code;

    private static Decision Claim(PoolState state, MessageInput input, long at)
    {
        var claim = (ClaimSnapshot)input.Snapshot.Body;
        var job = state.Jobs[claim.JobCid];
        return job.IsOpen && state.Miners.TryGet(claim.Miner, out var miner)
            ? Decision.Accept(new JobClaimed(job.Cid, job.Attempt, claim.Miner, miner.Mode, state.Fence + 1, at + 8000, at + job.AttemptMs))
            : Decision.Nothing;
    }
}
