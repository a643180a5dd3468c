using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Verification;

/// <summary>The proof verification slot: is this output an honest answer to this job?</summary>
/// <remarks>
/// Thread-safe. Called after the runtime has checked signature, job, attempt, fence and proof hash and has fetched the
/// output by its CID. Has to answer within the daemon's verification time limit; it is cancelled then and the proof is
/// asked for again. Its verdict is recorded in the journal as a fact.
/// </remarks>
public interface IProofVerifier
{
    /// <summary>The verifier's name; recorded when a daemon starts, and with each verdict. "hashes" is the built-in verifier's.</summary>
    string Name { get; }

    /// <summary>
    /// Whether <see cref="ProofJudgementKind.NeedReplica"/> is among its answers; does not change while it runs. Default false. It is
    /// recorded when a daemon starts, for a replica takes a part of a miner's pay: the answer of a verifier that did not declare it counts
    /// as a fault of the verifier's, and whoever audits is shown each replica that no client signed for.
    /// </summary>
    bool MayAskForReplicas => false;

    /// <summary>Judges one proof.</summary>
    ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken);
}

/// <summary>All that a proof is judged by.</summary>
/// <param name="JobCid">The job's CID.</param>
/// <param name="Job">The job.</param>
/// <param name="ProofCid">The proof's CID.</param>
/// <param name="Proof">The proof.</param>
/// <param name="Output">The output, already checked against <see cref="ProofSnapshot.OutputCid"/>.</param>
public sealed record ProofEvidence(Cid JobCid, JobSnapshot Job, Cid ProofCid, ProofSnapshot Proof, ReadOnlyMemory<byte> Output);

/// <summary>The kinds of judgement. <c>default</c> is a refusal.</summary>
public enum ProofJudgementKind
{
    /// <summary>Not an answer to the job.</summary>
    Refused = 0,

    /// <summary>Good.</summary>
    Accepted,

    /// <summary>Can't be told from one proof: ask for another replica. Only of a verifier that <see cref="IProofVerifier.MayAskForReplicas"/>.</summary>
    NeedReplica,
}

/// <summary>A verifier's judgement. <c>default</c> is a refusal.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Reason">Why, for people; at most 200 characters are kept.</param>
public readonly record struct ProofJudgement(ProofJudgementKind Kind, string Reason);
