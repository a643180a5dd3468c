using SwarmPool.Protocol.Errors;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>
/// What a verdict can say. It is a fact that the pool writes, and a replica takes a part of a miner's pay: so the pool says first, in its
/// settings, whose verdicts count and whether they can ask for a replica.
/// </summary>
internal static class VerdictRules
{
    /// <summary>Why nothing can be decided by these settings; null when it can.</summary>
    public static Refusal? Against(PoolSettings settings) => settings switch
    {
        { VerifierMayAsk: null } or { VerifierMayAsk: true, Verifier: not (null or VerdictFact.BuiltIn) } => null,
        _ => new Refusal(ErrorCodes.VerdictImpossible, $"The settings let the verifier '{settings.Verifier}' ask for replicas, which the built-in one and one without a name can't: name it otherwise."),
    };

    /// <summary>The answer to a proof that has no verdict yet, or one that is none of the pool's verifier; null when it has one that counts.</summary>
    public static Decision? Unjudged(PoolSettings settings, VerdictFact? verdict) => (settings.Verifier, verdict) switch
    {
        (_, null) => Decision.NeedsVerdict,
        (null, _) => null,
        (var named, { } other) when named != other.Verifier => Refuse($"The verdict is of the verifier '{other.Verifier}'; this pool's is '{named}'."),
        (var named, { NeedReplica: true }) when settings.VerifierMayAsk is null => Refuse($"The verdict asks for another replica, which the verifier '{named}' can't."),
        _ => null,
    };

    private static Decision Refuse(string reason) => Decision.Refuse(ErrorCodes.VerdictImpossible, reason);
}
