using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>
/// Which outputs of a job agree, by a verifier's word: groups of fences, each fence in one of them, the one that counts first. Outputs of the same bytes are in one
/// group. No groups at all: the verifier has no word yet, so nobody is judged, and it is asked again.
/// </summary>
/// <param name="Verifier">Whose word it is.</param>
/// <param name="Groups">The groups.</param>
internal sealed record AgreementFact(string Verifier, IReadOnlyList<IReadOnlyList<long>> Groups)
{
    /// <summary>
    /// Of those who are not in the first group, the fences that can't be held against it: of another numeric class, which is neither right nor wrong. Null, and not
    /// written, when there is none.
    /// </summary>
    public IReadOnlyList<long>? Aside { get; init; }

    /// <summary>Whether it says nothing yet.</summary>
    public static bool IsUntold(AgreementFact fact) => fact.Groups.Count == 0;

    /// <summary>The verifier has no word yet.</summary>
    public static AgreementFact Untold(string verifier) => new(verifier, []);
}

/// <summary>What a verifier is asked of a job: which of these answers agree.</summary>
/// <param name="Job">The job.</param>
/// <param name="Verifier">Whose word counts.</param>
/// <param name="Answers">The answers, the executors' first.</param>
internal sealed record AgreementQuestion(Cid Job, string Verifier, IReadOnlyList<AskedAnswer> Answers)
{
    /// <summary>What it is known by: the same for the same answers.</summary>
    public string Key => string.Join(' ', Answers.Select(static one => FormattableString.Invariant($"{one.Fence}:{one.Proof}")).Prepend($"{Verifier} {Job}"));
}

/// <summary>An answer that is to be compared.</summary>
/// <param name="Fence">The fence of the claim or the check that it answers.</param>
/// <param name="Proof">The proof.</param>
/// <param name="Output">The output.</param>
internal sealed record AskedAnswer(long Fence, Cid Proof, Cid Output);
