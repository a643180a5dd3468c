using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Verification;

/// <summary>The proof verification slot: is this output an honest answer to this job, and do two answers to it agree?</summary>
/// <remarks>
/// Thread-safe. Called after the runtime has checked signature, job, attempt, fence and proof hash and has fetched the
/// output by its CID. Has to answer within the daemon's verification time limit; it is cancelled then and the proof is
/// asked for again. Its verdict is recorded in the journal as a fact. What has a body here is optional.
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

    /// <summary>
    /// What it judges a job's proofs by, beyond the output; the runtime fetches that and no more. Answers at once, and for equal jobs
    /// alike. Default: nothing.
    /// </summary>
    /// <param name="job">The job.</param>
    VerificationNeeds NeedsOf(JobSnapshot job) => VerificationNeeds.None;

    /// <summary>Judges one proof: its form, and what can be told without running the model.</summary>
    ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken);

    /// <summary>
    /// Whether two outputs of one job can both be honest. Asked of any two miners that did it: the answer says nothing of which of them
    /// is right. Symmetric; an output agrees with itself; need not be transitive. Default: when their bytes are the same.
    /// </summary>
    /// <remarks>Outputs are strangers' bytes: whatever they are, it answers and throws nothing.</remarks>
    ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return new(pair.One.Bytes.Span.SequenceEqual(pair.Other.Bytes.Span)
            ? new OutputComparison(OutputAgreement.Agree, "")
            : new OutputComparison(OutputAgreement.Differ, "the bytes differ"));
    }
}

/// <summary>What a verifier may want to see beside the output.</summary>
[Flags]
public enum VerificationNeeds
{
    /// <summary>The output alone.</summary>
    None = 0,

    /// <summary>The job's input.</summary>
    Input = 1,

    /// <summary>What the proof names as its evidence. A proof that names none is refused by the runtime (SP3451).</summary>
    Evidence = 2,

    /// <summary>The manifest of the model pack that the proof names, where it names one.</summary>
    Manifest = 4,
}

/// <summary>All that a proof is judged by.</summary>
/// <param name="JobCid">The job's CID.</param>
/// <param name="Job">The job.</param>
/// <param name="ProofCid">The proof's CID.</param>
/// <param name="Proof">The proof.</param>
/// <param name="Output">The output, already checked against <see cref="ProofSnapshot.OutputCid"/>.</param>
public sealed record ProofEvidence(Cid JobCid, JobSnapshot Job, Cid ProofCid, ProofSnapshot Proof, ReadOnlyMemory<byte> Output)
{
    /// <summary>The job's input, checked against its CID; null when <see cref="IProofVerifier.NeedsOf"/> doesn't ask for it.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>What the proof names as its evidence, checked against its CID; null when it wasn't asked for.</summary>
    public ReadOnlyMemory<byte>? Evidence { get; init; }

    /// <summary>
    /// The manifest of the model pack that the proof names, canonical JSON, checked against its CID and by its format (docs/models.md);
    /// null when it wasn't asked for, or the proof names none.
    /// </summary>
    public ReadOnlyMemory<byte>? Manifest { get; init; }

    /// <summary>What the pool's journal says of whoever did the work; null when not known here.</summary>
    public ProofHistory? History { get; init; }
}

/// <summary>What the pool's journal says of a payee and a model so far.</summary>
/// <param name="Decided">Jobs that were decided for it.</param>
/// <param name="Checked">Those of them that were checked.</param>
/// <param name="Wrong">Those that were found wrong.</param>
public sealed record ProofHistory(long Decided, long Checked, long Wrong);

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
public readonly record struct ProofJudgement(ProofJudgementKind Kind, string Reason)
{
    /// <summary>What was measured, for people and for the record; null for nothing.</summary>
    public VerificationScores? Scores { get; init; }
}
