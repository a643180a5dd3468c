using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>A refusal as the announcement item that tells the signer.</summary>
internal static class RefusalItems
{
    /// <summary>The refusal with a reason that may be announced.</summary>
    public static Refusal Announceable(Refusal refusal) => refusal with { Reason = LeavingText.Of(refusal.Reason) };

    /// <summary>The announcement's type and item; null for messages that are refused without an answer.</summary>
    public static (string Type, object Item)? Of(SignedSnapshot snapshot, Refusal refusal) => Item(snapshot, Announceable(refusal));

    private static (string Type, object Item)? Item(SignedSnapshot snapshot, Refusal refusal) => snapshot.Body switch
    {
        JobSnapshot job => (SnapshotTypes.JobsRejected, new JobRejectedItem(snapshot.Cid, job.Client, SnapshotTypes.Job, refusal.Code, refusal.Reason)),
        CancelSnapshot cancel => (SnapshotTypes.JobsRejected, new JobRejectedItem(cancel.JobCid, cancel.Client, SnapshotTypes.Cancel, refusal.Code, refusal.Reason)),
        ClaimSnapshot claim => (
            SnapshotTypes.ClaimsRejected, new ClaimRejectedItem(claim.JobCid, claim.Attempt, claim.Miner, SnapshotTypes.Claim, refusal.Code, refusal.Reason)),
        ReleaseSnapshot release => (
            SnapshotTypes.ClaimsRejected, new ClaimRejectedItem(release.JobCid, release.Attempt, release.Miner, SnapshotTypes.Release, refusal.Code, refusal.Reason)),
        ProofSnapshot proof => (
            SnapshotTypes.ProofsRejected, new ProofRejectedItem(proof.JobCid, snapshot.Cid, proof.Attempt, proof.Miner, refusal.Code, refusal.Reason)),
        CommitmentSnapshot commitment => (
            SnapshotTypes.ProofsRejected, new ProofRejectedItem(commitment.JobCid, snapshot.Cid, commitment.Attempt, commitment.Miner, refusal.Code, refusal.Reason)),
        CheckSnapshot check => (SnapshotTypes.ProofsRejected, new ProofRejectedItem(check.JobCid, snapshot.Cid, 1, check.Miner, refusal.Code, refusal.Reason)),
        RegistrationSnapshot registration => (SnapshotTypes.MinersRejected, new MinerRejectedItem(registration.Miner, refusal.Code, refusal.Reason)),
        RevocationSnapshot revocation => (
            SnapshotTypes.RevocationsRejected, new RevocationRejectedItem(revocation.Name, revocation.Revokes, snapshot.Cid, refusal.Code, refusal.Reason)),
        _ => null,
    };
}
