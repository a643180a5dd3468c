using SwarmPool.Core.Pool;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Verification;

/// <summary>The verifiers that ship, by the names that the configuration has for them.</summary>
internal static class BuiltInVerifiers
{
    /// <summary>Their names, with what each asks of an answer, for people.</summary>
    public static IReadOnlyList<(string Name, string Asks)> All { get; } =
    [
        (VerdictFact.BuiltIn, "pays for any answer: nothing is asked of an output but that there is one"),
        (ExactVerifier.Called, "outputs agree when their bytes are the same"),
        (ToleranceVerifier.Called, "outputs agree within what the model's manifest allows"),
        (AuditedTokensVerifier.Called, "generated text has to be what its tokens say, and its tokens what the sampler chooses"),
        (ModelVerifier.Called, "generated text by its tokens, all else by what the model's manifest allows"),
    ];

    /// <summary>The names, for messages.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(static one => one.Name));

    /// <summary>What a verifier asks of an answer; what a plugin's asks is its own to say.</summary>
    public static string Asks(string name) => All.FirstOrDefault(one => one.Name == name).Asks ?? "what a plugin's verifier asks";

    /// <summary>Makes one; null for a name that none has.</summary>
    public static IProofVerifier? Make(string name) => name switch
    {
        VerdictFact.BuiltIn => new HashVerifier(),
        ExactVerifier.Called => new ExactVerifier(),
        ToleranceVerifier.Called => new ToleranceVerifier(),
        AuditedTokensVerifier.Called => new AuditedTokensVerifier(),
        ModelVerifier.Called => new ModelVerifier(),
        _ => null,
    };
}
