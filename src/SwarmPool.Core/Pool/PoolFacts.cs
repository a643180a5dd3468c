using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool;

/// <summary>What came from outside to judge an input by. Recorded beside it.</summary>
internal sealed record PoolFacts
{
    public static PoolFacts None { get; } = new();

    /// <summary>What the signer's name resolved to.</summary>
    public NameFact? Signer { get; init; }

    /// <summary>What the verifier said of a proof.</summary>
    public VerdictFact? Verdict { get; init; }

    /// <summary>How many bytes a job's input has, as far as the daemon fetched it; null where it did not look.</summary>
    public long? InputBytes { get; init; }

    /// <summary>The open epoch's secret, where the decision needs it; null, and not written, where it does not. Rules 3.</summary>
    public DrawFact? Draw { get; init; }

    /// <summary>Which of a job's outputs agree, where the decision needs it; null, and not written, where it does not. Rules 3.</summary>
    public AgreementFact? Agreement { get; init; }

    /// <summary>How a closed epoch was settled.</summary>
    public SettlementFact? Settlement { get; init; }
}

/// <summary>What a name resolved to.</summary>
/// <param name="Account">The account that signed: one of the name's, or the key of the delegation.</param>
/// <param name="Payout">Where the name is paid.</param>
/// <param name="Block">The block it was read at; 0 where the network has none.</param>
/// <param name="Stake">The stake behind the name; null when the network knows of none.</param>
/// <param name="ByContract">True when the account is a contract that took the signature for its own; else null, so that it is not written.</param>
/// <param name="Delegation">The digest of the delegation by which the account signed; null, and not written, when it is the name's own.</param>
internal sealed record NameFact(EthAddress Account, EthAddress Payout, long Block, Usdc? Stake, bool? ByContract = null, string? Delegation = null);

/// <summary>A verifier's good word; a refusal never becomes a record.</summary>
internal sealed record VerdictFact(string Verifier, bool NeedReplica)
{
    /// <summary>The name of the verifier that ships. It looks at hashes, and never asks for a replica.</summary>
    public const string BuiltIn = "hashes";

    /// <summary>What was counted for the proof; null, and not written, where the job does not pay by it.</summary>
    public JobUsage? Usage { get; init; }
}

/// <summary>An epoch's secret: 32 bytes, lower-case hex.</summary>
internal sealed record DrawFact(string Secret);

/// <summary>A settlement that passed the runtime's checks.</summary>
internal sealed record SettlementFact(
    PolicyIdentity Policy, bool Replaced, Payee OperationsPayee, Usdc Operations, IReadOnlyList<PayoutItem> Miners, string PolicyState)
{
    /// <summary>What each payee gets that the settings have as declared; null, and not written, when there is none.</summary>
    public IReadOnlyList<PayoutItem>? Declared { get; init; }

    /// <summary>What miners get for checks, out of the operations' part, in the order of (name, address); null, and not written, when there is none.</summary>
    public IReadOnlyList<PayoutItem>? Checkers { get; init; }
}
