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

    /// <summary>Why this verdict is none of the pool's verifier; null when it can be.</summary>
    public static Refusal? Against(PoolSettings settings, VerdictFact verdict) => settings.Verifier switch
    {
        null => null,
        var named when named != verdict.Verifier => new Refusal(ErrorCodes.VerdictImpossible, $"The verdict is of the verifier '{verdict.Verifier}'; this pool's is '{named}'."),
        var named when verdict.NeedReplica && settings.VerifierMayAsk is null => new Refusal(ErrorCodes.VerdictImpossible, $"The verdict asks for another replica, which the verifier '{named}' can't."),
        _ => null,
    };
}
