using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;

namespace SwarmPool.Core.Settlement;

/// <summary>What came of an attempt to settle: exactly one of the two is there.</summary>
/// <param name="Outcome">The checked outcome; null when refused.</param>
/// <param name="Refusal">Why there is none (SP3401 to SP3406); null when settled.</param>
public sealed record SettlementVerdict(SettlementOutcome? Outcome, Refusal? Refusal)
{
    /// <summary>A settlement that passed.</summary>
    public static SettlementVerdict Settled(SettlementOutcome outcome) => new(outcome, null);

    /// <summary>A settlement that did not.</summary>
    public static SettlementVerdict Refused(Refusal refusal) => new(null, refusal);
}
