using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>What the pool's rules say of a job before its input is fetched.</summary>
/// <param name="Decision">What they would decide.</param>
/// <param name="ClientIsKnown">Whether some miner has done work for its client.</param>
internal sealed record JobPreview(Decision Decision, bool ClientIsKnown)
{
    /// <summary>Set when the input has been fetched: how many bytes it has.</summary>
    public long? InputBytes { get; set; }

    // A delegation that is not recorded yet is recorded with the job.
    public bool NeedsInput => InputBytes is null && (Decision.Kind == DecisionKind.Accepted || Decision.Refusal?.Code == ErrorCodes.DelegationInvalid);
}
