using SwarmPool.Protocol.Errors;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>Which answers of a round agree.</summary>
internal static class Agreement
{
    /// <summary>Groups of answers, each answer in one; else what is missing to tell.</summary>
    public static (IReadOnlyList<IReadOnlyList<RoundPart>>? Groups, Decision? Answer) Groups(PoolState state, List<RoundPart> answers, PoolFacts facts, bool byBytes)
    {
        var same = answers.GroupBy(static part => part.Output!.Value).Select(static group => (IReadOnlyList<RoundPart>)[.. group]).ToList();
        if (state.Checks!.Comparer is not { } comparer || same.Count == 1 || byBytes)
        {
            return (same, null);
        }

        if (facts.Agreement is not { } told)
        {
            return (null, Decision.NeedsAgreement);
        }

        return Against(told, comparer, answers, same) is { } refused
            ? (null, refused)
            : ([.. told.Groups.Select(group => (IReadOnlyList<RoundPart>)[.. group.Select(fence => answers.Single(part => part.Fence == fence))])], null);
    }

    // A verifier's word is a fact; it can't leave anybody out, name anybody twice, or tell the same bytes apart.
    private static Decision? Against(AgreementFact told, string comparer, List<RoundPart> answers, List<IReadOnlyList<RoundPart>> same)
    {
        if (told.Verifier != comparer)
        {
            return Refuse($"The agreement is the word of '{told.Verifier}'; this pool's is '{comparer}'.");
        }

        if (!told.Groups.SelectMany(static group => group).Order().SequenceEqual(answers.Select(static part => part.Fence).Order()))
        {
            return Refuse("The agreement does not tell of each answer once.");
        }

        return same.Exists(group => told.Groups.Count(one => one.Intersect(group.Select(static part => part.Fence)).Any()) > 1)
            ? Refuse("The agreement tells the same bytes apart.")
            : null;
    }

    private static Decision Refuse(string reason) => Decision.Refuse(ErrorCodes.VerdictImpossible, reason);
}
