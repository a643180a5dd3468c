using SwarmPool.Runtime.Generation;
using SwarmPool.Snapshots;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Verification;

/// <summary>
/// "by-model": generated text by its tokens, as <see cref="AuditedTokensVerifier"/> has it; all else by what the model's manifest says of honest outputs, as
/// <see cref="ToleranceVerifier"/> has it: byte for byte where it says nothing.
/// </summary>
internal sealed class ModelVerifier : IProofVerifier
{
    public const string Called = "by-model";

    private readonly IProofVerifier tokens = new AuditedTokensVerifier();
    private readonly IProofVerifier outputs = new ToleranceVerifier();

    public string Name => Called;

    public VerificationNeeds NeedsOf(JobSnapshot job) => Of(job).NeedsOf(job);

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => Of(evidence.Job).VerifyAsync(evidence, cancellationToken);

    public ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) => Of(pair.Job).CompareAsync(pair, cancellationToken);

    private IProofVerifier Of(JobSnapshot job) => job.JobType == TextJob.JobType ? tokens : outputs;
}
