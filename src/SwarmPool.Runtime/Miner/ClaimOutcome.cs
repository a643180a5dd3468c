using SwarmPool.Identity;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>How the race for a job ended.</summary>
internal abstract record ClaimOutcome
{
    private ClaimOutcome()
    {
    }

    /// <summary>The job is ours.</summary>
    public sealed record Won(ClaimAcceptedItem Claim) : ClaimOutcome;

    /// <summary>Another miner has it.</summary>
    public sealed record Lost(EnsName Winner) : ClaimOutcome;

    /// <summary>The pool refused the claim.</summary>
    public sealed record Refused(string Code, string Reason) : ClaimOutcome;

    /// <summary>The job is over, or at another attempt.</summary>
    public sealed record Gone(string Why) : ClaimOutcome;

    /// <summary>The pool did not answer.</summary>
    public sealed record Unanswered : ClaimOutcome;
}
