using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Delegating;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Rules;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Intake;

/// <summary>Brings what was let in before the sequencer, with its facts, and answers whoever sent it.</summary>
internal sealed class Judge(
    Sequencer sequencer, AnswerDesk answers, ContentKeeper keeper, ProofCourt court, Presence presence, RevocationVoice revocations, IntakeCounters counters,
    IDaemonObserver observer)
{
    private const int MaxReason = 500;

    private readonly BeatMemory beats = new();

    /// <summary>True once the sequencer takes nothing more.</summary>
    public bool IsOver => sequencer.IsOver;

    public async ValueTask JudgeAsync(IntakeItem item, CancellationToken cancellationToken)
    {
        var lapsed = await RecordDelegationAsync(item, cancellationToken);
        var decision = item.Snapshot.Body switch
        {
            JobSnapshot job => await JudgeJobAsync(item, job, cancellationToken),
            ProofSnapshot proof => await JudgeProofAsync(item, proof, cancellationToken),
            HeartbeatSnapshot heartbeat => await JudgeHeartbeatAsync(item, heartbeat, cancellationToken),
            RevocationSnapshot revocation => await JudgeRevocationAsync(item, revocation, cancellationToken),
            _ => await SubmitAsync(item, null, cancellationToken),
        };
        if (lapsed is not null && decision.Kind == DecisionKind.Refused)
        {
            decision = lapsed; // Without the delegation all else is refused, and this says why.
        }

        if (decision.Kind != DecisionKind.Refused && item.Snapshot.Body is MinerSnapshot miner)
        {
            presence.Seen(miner.Miner); // Whatever it sends is a sign of life.
        }

        switch (decision.Kind)
        {
            case DecisionKind.Refused:
                counters.Refuse(decision.Refusal!.Code);
                Answer(item, decision.Refusal);
                break;
            case DecisionKind.Repeated when decision.Job.IsEmpty:
                answers.Repeat(decision.Miner);
                break;
            case DecisionKind.Repeated:
                answers.Repeat(decision.Job);
                break;
        }
    }

    /// <summary>Tells the signer why not.</summary>
    public void Answer(IntakeItem item, Refusal refusal)
    {
        refusal = refusal with { Reason = Sayable(refusal.Reason) };
        observer.Refused(item.Snapshot.Body.Type, item.Name, refusal.Code, refusal.Reason);
        switch (item.Snapshot.Body)
        {
            case JobSnapshot job:
                answers.Refuse(SnapshotTypes.JobsRejected, new JobRejectedItem(item.Snapshot.Cid, job.Client, "job", refusal.Code, refusal.Reason));
                break;
            case CancelSnapshot cancel:
                answers.Refuse(SnapshotTypes.JobsRejected, new JobRejectedItem(cancel.JobCid, cancel.Client, "cancel", refusal.Code, refusal.Reason));
                break;
            case ClaimSnapshot claim:
                answers.Refuse(SnapshotTypes.ClaimsRejected, new ClaimRejectedItem(claim.JobCid, claim.Attempt, claim.Miner, "claim", refusal.Code, refusal.Reason));
                break;
            case ReleaseSnapshot release:
                answers.Refuse(SnapshotTypes.ClaimsRejected, new ClaimRejectedItem(release.JobCid, release.Attempt, release.Miner, "release", refusal.Code, refusal.Reason));
                break;
            case ProofSnapshot proof:
                answers.Refuse(SnapshotTypes.ProofsRejected, new ProofRejectedItem(proof.JobCid, item.Snapshot.Cid, proof.Attempt, proof.Miner, refusal.Code, refusal.Reason));
                break;
            case RegistrationSnapshot registration:
                answers.Refuse(SnapshotTypes.MinersRejected, new MinerRejectedItem(registration.Miner, refusal.Code, refusal.Reason));
                break;
            case RevocationSnapshot revocation:
                answers.Refuse(
                    SnapshotTypes.RevocationsRejected,
                    new RevocationRejectedItem(revocation.Name, revocation.Revokes, item.Snapshot.Cid, refusal.Code, refusal.Reason));
                break;
        }
    }

    // A reason may quote what a plugin or a stranger said; what is announced is bounded, and nothing in it moves a cursor.
    private static string Sayable(string reason) => string.Concat(
        (reason.Length <= MaxReason ? reason : reason[..MaxReason]).Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c));

    private async ValueTask<Decision> JudgeJobAsync(IntakeItem item, JobSnapshot job, CancellationToken cancellationToken)
    {
        // What would be refused, or is known, is not stored: a signature alone must not buy room on our disk.
        var at = court.Now;
        var input = new MessageInput(item.Snapshot);
        var facts = new PoolFacts { Signer = item.Signer };
        var answer = await sequencer.AskAsync(state => PoolMachine.Decide(state, input, facts, Math.Max(state.At, at)), cancellationToken);
        if (answer.Kind != DecisionKind.Accepted)
        {
            return answer;
        }

        // Stored before it is decided: once announced, every miner wants to fetch it.
        await keeper.StoreAsync(item.Snapshot, item.Delegation?.Signed, cancellationToken);
        var decision = await SubmitAsync(item, null, cancellationToken);
        if (decision.Kind == DecisionKind.Accepted)
        {
            keeper.PinJob(item.Snapshot.Cid, job.InputCid, item.Delegation?.Signed);
        }

        return decision;
    }

    private async ValueTask<Decision> JudgeProofAsync(IntakeItem item, ProofSnapshot proof, CancellationToken cancellationToken)
    {
        // What would be refused anyway is refused before anything is fetched for it.
        var at = court.Now;
        var facts = new PoolFacts { Signer = item.Signer };
        var answer = await sequencer.AskAsync(
            state => ProofRules.Check(state, item.Snapshot.Cid, proof, Math.Max(state.At, at)) ?? DelegationRules.Refused(state, proof, facts, Math.Max(state.At, at)),
            cancellationToken);
        if (answer is not null)
        {
            return answer;
        }

        var (verdict, refusal) = await court.TryAsync(item.Snapshot, proof, cancellationToken);
        if (refusal is not null)
        {
            return Decision.Refuse(refusal.Code, refusal.Reason);
        }

        await keeper.StoreAsync(item.Snapshot, item.Delegation?.Signed, cancellationToken);
        var decision = await SubmitAsync(item, verdict, cancellationToken);
        if (decision.Kind == DecisionKind.Accepted)
        {
            keeper.PinProof(item.Snapshot.Cid, proof.OutputCid, proof.JobCid, item.Delegation?.Signed);
        }

        return decision;
    }

    private async ValueTask<Decision> JudgeRevocationAsync(IntakeItem item, RevocationSnapshot revocation, CancellationToken cancellationToken)
    {
        var decision = await SubmitAsync(item, null, cancellationToken);
        switch (decision.Kind)
        {
            case DecisionKind.Accepted:
                await keeper.StoreAsync(item.Snapshot, null, cancellationToken);
                revocations.Add(item.Snapshot, revocation, decision.Events.OfType<DelegationRevoked>().Single().ExpiresMs);
                break;
            case DecisionKind.Nothing:
                answers.Refuse(SnapshotTypes.RevocationsAccepted, new RevocationAcceptedItem(revocation.Name, revocation.Revokes, item.Snapshot.Cid)); // Once more.
                break;
        }

        return decision;
    }

    // A delegation comes before the first message by it. Its refusal is not yet the message's: what was decided before is answered again.
    private async ValueTask<Decision?> RecordDelegationAsync(IntakeItem item, CancellationToken cancellationToken)
    {
        if (item.Delegation is not { Recorded: false } known || item.Snapshot.Body is HeartbeatSnapshot { CurrentJob: null })
        {
            return null;
        }

        var voucher = known.Voucher!;
        var facts = new PoolFacts { Signer = item.Signer with { Account = voucher.Account, ByContract = voucher.ByContract ? true : null, Delegation = null } };
        var decision = await sequencer.SubmitAsync(new MessageInput(known.Signed), facts, cancellationToken);
        if (decision.Kind == DecisionKind.Refused)
        {
            return decision;
        }

        known.Recorded = true;
        return null;
    }

    private async ValueTask<Decision> JudgeHeartbeatAsync(IntakeItem item, HeartbeatSnapshot heartbeat, CancellationToken cancellationToken) =>
        !beats.TryTake(heartbeat.Miner, heartbeat.Timestamp, item.Snapshot.Cid) || heartbeat.CurrentJob is null ? Decision.Nothing : await SubmitAsync(item, null, cancellationToken);

    private ValueTask<Decision> SubmitAsync(IntakeItem item, VerdictFact? verdict, CancellationToken cancellationToken) =>
        sequencer.SubmitAsync(new MessageInput(item.Snapshot), new PoolFacts { Signer = item.Signer, Verdict = verdict }, cancellationToken);
}
