using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>What a verifier's judgement comes to: a fact, or an answer to the miner. What a verifier has not declared is its own fault.</summary>
internal static class VerdictReading
{
    /// <param name="verifier">The verifier.</param>
    /// <param name="name">Its name.</param>
    /// <param name="judgement">What it says.</param>
    public static (VerdictFact? Verdict, Refusal? Refusal) Of(IProofVerifier verifier, string name, ProofJudgement judgement) => judgement.Kind switch
    {
        ProofJudgementKind.Refused => (null, new Refusal(ErrorCodes.VerifierRefused, $"{name}: {Shorten(judgement.Reason)}")),
        ProofJudgementKind.NeedReplica when !verifier.MayAskForReplicas =>
            (null, new Refusal(ErrorCodes.VerifierFailed, $"{name} asked for another replica, which it does not declare that it may; send the proof again.")),
        _ => (new VerdictFact(name, judgement.Kind == ProofJudgementKind.NeedReplica), null),
    };

    /// <summary>At most 200 characters of what a plugin says.</summary>
    public static string Shorten(string text) => text.Length <= 200 ? text : text[..200];
}
