using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Rules;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Retention;
using SwarmPool.Runtime.Daemon.Revocations;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>Brings what was let in before the sequencer, with its facts, and replies whoever sent it.</summary>
internal sealed class MessageHandler(
    Sequencer sequencer, ReplyBatcher replies, PinManager pins, ProofVerification verification, MinerPresence presence, RevocationRebroadcaster revocations, IngressCounters counters,
    IDaemonObserver observer)
{
    private const int MaxReason = 500;

    private readonly HeartbeatDeduplicator heartbeats = new();

    /// <summary>True once the sequencer takes nothing more.</summary>
    public bool IsOver => sequencer.IsOver;

    public async ValueTask HandleAsync(IngressMessage item, CancellationToken cancellationToken)
    {
        var lapsed = await RecordDelegationAsync(item, cancellationToken);
        var decision = item.Snapshot.Body switch
        {
            JobSnapshot job => await HandleJobAsync(item, job, cancellationToken),
            ProofSnapshot proof => await HandleProofAsync(item, proof, cancellationToken),
            HeartbeatSnapshot heartbeat => await HandleHeartbeatAsync(item, heartbeat, cancellationToken),
            RevocationSnapshot revocation => await HandleRevocationAsync(item, revocation, cancellationToken),
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
                replies.Repeat(decision.Miner);
                break;
            case DecisionKind.Repeated:
                replies.Repeat(decision.Job);
                break;
        }
    }

    /// <summary>Tells the signer why not.</summary>
    public void Answer(IngressMessage item, Refusal refusal)
    {
        refusal = refusal with { Reason = Sayable(refusal.Reason) };
        observer.Refused(item.Snapshot.Body.Type, item.Name, refusal.Code, refusal.Reason);
        switch (item.Snapshot.Body)
        {
            case JobSnapshot job:
                replies.Refuse(SnapshotTypes.JobsRejected, new JobRejectedItem(item.Snapshot.Cid, job.Client, "job", refusal.Code, refusal.Reason));
                break;
            case CancelSnapshot cancel:
                replies.Refuse(SnapshotTypes.JobsRejected, new JobRejectedItem(cancel.JobCid, cancel.Client, "cancel", refusal.Code, refusal.Reason));
                break;
            case ClaimSnapshot claim:
                replies.Refuse(SnapshotTypes.ClaimsRejected, new ClaimRejectedItem(claim.JobCid, claim.Attempt, claim.Miner, "claim", refusal.Code, refusal.Reason));
                break;
            case ReleaseSnapshot release:
                replies.Refuse(SnapshotTypes.ClaimsRejected, new ClaimRejectedItem(release.JobCid, release.Attempt, release.Miner, "release", refusal.Code, refusal.Reason));
                break;
            case ProofSnapshot proof:
                replies.Refuse(SnapshotTypes.ProofsRejected, new ProofRejectedItem(proof.JobCid, item.Snapshot.Cid, proof.Attempt, proof.Miner, refusal.Code, refusal.Reason));
                break;
            case RegistrationSnapshot registration:
                replies.Refuse(SnapshotTypes.MinersRejected, new MinerRejectedItem(registration.Miner, refusal.Code, refusal.Reason));
                break;
            case RevocationSnapshot revocation:
                replies.Refuse(
                    SnapshotTypes.RevocationsRejected,
                    new RevocationRejectedItem(revocation.Name, revocation.Revokes, item.Snapshot.Cid, refusal.Code, refusal.Reason));
                break;
        }
    }

    // A reason may quote what a plugin or a stranger said; what is announced is bounded, and nothing in it moves a cursor.
    private static string Sayable(string reason) => string.Concat(
        (reason.Length <= MaxReason ? reason : reason[..MaxReason]).Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c));

    private async ValueTask<Decision> HandleJobAsync(IngressMessage item, JobSnapshot job, CancellationToken cancellationToken)
    {
        // What would be refused, or is known, is not stored: a signature alone must not buy room on our disk.
        var at = verification.Now;
        var input = new MessageInput(item.Snapshot);
        var facts = new PoolFacts { Signer = item.Signer };
        var answer = await sequencer.AskAsync(state => PoolMachine.Decide(state, input, facts, Math.Max(state.At, at)), cancellationToken);
        if (answer.Kind != DecisionKind.Accepted)
        {
            return answer;
        }

        // Stored before it is decided: once announced, every miner wants to fetch it.
        await pins.StoreAsync(item.Snapshot, item.Delegation?.Signed, cancellationToken);
        var decision = await SubmitAsync(item, null, cancellationToken);
        if (decision.Kind == DecisionKind.Accepted)
        {
            pins.PinJob(item.Snapshot.Cid, job.InputCid, item.Delegation?.Signed);
        }

        return decision;
    }

    private async ValueTask<Decision> HandleProofAsync(IngressMessage item, ProofSnapshot proof, CancellationToken cancellationToken)
    {
        // What would be refused anyway is refused before anything is fetched for it.
        var at = verification.Now;
        var facts = new PoolFacts { Signer = item.Signer };
        var answer = await sequencer.AskAsync(
            state => ProofRules.Check(state, item.Snapshot.Cid, proof, Math.Max(state.At, at)) ?? DelegationRules.Refused(state, proof, facts, Math.Max(state.At, at)),
            cancellationToken);
        if (answer is not null)
        {
            return answer;
        }

        var (verdict, refusal) = await verification.TryAsync(item.Snapshot, proof, cancellationToken);
        if (refusal is not null)
        {
            return Decision.Refuse(refusal.Code, refusal.Reason);
        }

        await pins.StoreAsync(item.Snapshot, item.Delegation?.Signed, cancellationToken);
        var decision = await SubmitAsync(item, verdict, cancellationToken);
        if (decision.Kind == DecisionKind.Accepted)
        {
            pins.PinProof(item.Snapshot.Cid, proof.OutputCid, proof.JobCid, item.Delegation?.Signed);
        }

        return decision;
    }

    private async ValueTask<Decision> HandleRevocationAsync(IngressMessage item, RevocationSnapshot revocation, CancellationToken cancellationToken)
    {
        var decision = await SubmitAsync(item, null, cancellationToken);
        switch (decision.Kind)
        {
            case DecisionKind.Accepted:
                await pins.StoreAsync(item.Snapshot, null, cancellationToken);
                revocations.Add(item.Snapshot, revocation, decision.Events.OfType<DelegationRevoked>().Single().ExpiresMs);
                break;
            case DecisionKind.Nothing:
                replies.Refuse(SnapshotTypes.RevocationsAccepted, new RevocationAcceptedItem(revocation.Name, revocation.Revokes, item.Snapshot.Cid)); // Once more.
                break;
        }

        return decision;
    }

    // A delegation comes before the first message by it. Its refusal is not yet the message's: what was decided before is answered again.
    private async ValueTask<Decision?> RecordDelegationAsync(IngressMessage item, CancellationToken cancellationToken)
    {
        if (item.Delegation is not { Recorded: false } known || item.Snapshot.Body is HeartbeatSnapshot { CurrentJob: null })
        {
            return null;
        }

        var voucher = known.DelegationSigner!;
        var facts = new PoolFacts { Signer = item.Signer with { Account = voucher.Account, ByContract = voucher.ByContract ? true : null, Delegation = null } };
        var decision = await sequencer.SubmitAsync(new MessageInput(known.Signed), facts, cancellationToken);
        if (decision.Kind == DecisionKind.Refused)
        {
            return decision;
        }

        known.Recorded = true;
        return null;
    }

    private async ValueTask<Decision> HandleHeartbeatAsync(IngressMessage item, HeartbeatSnapshot heartbeat, CancellationToken cancellationToken) =>
        !heartbeats.TryTake(heartbeat.Miner, heartbeat.Timestamp, item.Snapshot.Cid) || heartbeat.CurrentJob is null ? Decision.Nothing : await SubmitAsync(item, null, cancellationToken);

    private ValueTask<Decision> SubmitAsync(IngressMessage item, VerdictFact? verdict, CancellationToken cancellationToken) =>
        sequencer.SubmitAsync(new MessageInput(item.Snapshot), new PoolFacts { Signer = item.Signer, Verdict = verdict }, cancellationToken);
}
