using SwarmPool.Protocol.Errors;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>Which answers of a round agree, and which can't be held against them.</summary>
/// <param name="Groups">Groups of answers, each answer in one, without those that stand aside.</param>
/// <param name="Aside">Those of another class than the answers that count: no result.</param>
internal sealed record Agreement(IReadOnlyList<IReadOnlyList<RoundPart>> Groups, IReadOnlyList<RoundPart> Aside)
{
    /// <summary>How answers agree; else what is missing to tell, or null and null where the verifier has no word yet.</summary>
    public static (Agreement? Found, Decision? Answer) Of(PoolState state, JobEntry job, List<RoundPart> answers, PoolFacts facts)
    {
        var same = answers.GroupBy(static part => part.Output!.Value).Select(static group => (IReadOnlyList<RoundPart>)[.. group]).ToList();
        if (state.Checks!.Comparer is not { } comparer || same.Count == 1)
        {
            return (new Agreement(same, []), null);
        }

        if (facts.Agreement is not { } told)
        {
            return (null, Decision.NeedAgreement(new AgreementQuestion(
                job.Cid, comparer, [.. answers.OrderBy(static part => part.Kind is null ? 0 : 1).Select(static part => new AskedAnswer(part.Fence, part.Proof!.Value, part.Output!.Value))])));
        }

        return Against(told, comparer, answers, same) is { } refused ? (null, refused)
            : AgreementFact.IsUntold(told) ? (null, null)
            : (Read(told, answers), null);
    }

    private static Agreement Read(AgreementFact told, List<RoundPart> answers)
    {
        List<RoundPart> aside = [.. answers.Where(part => told.Aside?.Contains(part.Fence) == true)];
        return new Agreement(
            [.. told.Groups.Select(group => (IReadOnlyList<RoundPart>)[.. group.Select(fence => answers.Single(part => part.Fence == fence)).Except(aside)]).Where(static group => group.Count > 0)], aside);
    }

    // A verifier's word is a fact; it can't leave anybody out, name anybody twice, or tell the same bytes apart.
    private static Decision? Against(AgreementFact told, string comparer, List<RoundPart> answers, List<IReadOnlyList<RoundPart>> same)
    {
        if (told.Verifier != comparer)
        {
            return Refuse($"The agreement is the word of '{told.Verifier}'; this pool's is '{comparer}'.");
        }

        if (AgreementFact.IsUntold(told))
        {
            return told.Aside is null ? null : Refuse("The agreement has no groups, and yet answers that stand aside.");
        }

        if (!told.Groups.SelectMany(static group => group).Order().SequenceEqual(answers.Select(static part => part.Fence).Order()))
        {
            return Refuse("The agreement does not tell of each answer once.");
        }

        if (told.Aside is { } aside && (aside.Count == 0 || aside.Distinct().Count() < aside.Count || aside.Except(told.Groups.Skip(1).SelectMany(static group => group)).Any()))
        {
            return Refuse("The agreement sets aside what is none of the other answers, or one twice.");
        }

        return same.Exists(group => told.Groups.Count(one => one.Intersect(group.Select(static part => part.Fence)).Any()) > 1)
            ? Refuse("The agreement tells the same bytes apart.")
            : null;
    }

    private static Decision Refuse(string reason) => Decision.Refuse(ErrorCodes.VerdictImpossible, reason);
}
