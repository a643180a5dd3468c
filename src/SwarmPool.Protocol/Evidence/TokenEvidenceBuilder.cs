using SwarmPool.Protocol.Sampling;

namespace SwarmPool.Protocol.Evidence;

/// <summary>Makes an evidence while an answer is written: told the logits that each token was chosen from.</summary>
/// <remarks>Not thread-safe; one for each answer. Room is made a page at a time.</remarks>
public sealed class TokenEvidenceBuilder
{
    private readonly ReadOnlyMemory<int> prompt;
    private readonly TokenLogit[] likeliest;
    private readonly List<EvidencePosition> positions = [];
    private TokenLogProb[] page = [];

    /// <summary>Begins an evidence.</summary>
    /// <param name="prompt">The prompt's tokens; kept, not copied.</param>
    /// <param name="vocabulary">How many tokens there are; at least 1.</param>
    /// <param name="top">How many of the likeliest to state, 1 to <see cref="TokenEvidence.MostTop"/>, or all where there are fewer.</param>
    public TokenEvidenceBuilder(ReadOnlyMemory<int> prompt, int vocabulary, int top = TokenEvidence.UsualTop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top, TokenEvidence.MostTop);
        this.prompt = prompt;
        likeliest = new TokenLogit[Math.Min(top, vocabulary)];
    }

    /// <summary>Adds a position.</summary>
    /// <param name="logits">All tokens' logits as the model gives them: finite, one a token of the vocabulary. Not kept.</param>
    /// <param name="chosen">The token that was chosen.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="chosen"/> has no logit, or there are too few.</exception>
    public void Add(ReadOnlySpan<float> logits, int chosen)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(logits.Length, likeliest.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(chosen);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chosen, logits.Length);
        var on = positions.Count % TokenEvidence.PageLength;
        if (on == 0)
        {
            page = new TokenLogProb[TokenEvidence.PageLength * likeliest.Length];
        }

        LogProbs.Top(logits, likeliest);
        var sum = LogProbs.SumOf(logits, likeliest[0].Logit);
        var top = page.AsMemory(on * likeliest.Length, likeliest.Length);
        var span = top.Span;
        for (var i = 0; i < span.Length; i++)
        {
            Insert(span, i, new TokenLogProb(likeliest[i].Token, LogProbs.Rounded(likeliest[i].Logit, sum)));
        }

        positions.Add(new EvidencePosition(new TokenLogProb(chosen, LogProbs.Rounded(logits[chosen], sum)), LogProbs.Rounded(sum), top));
    }

    /// <summary>The evidence of what was added.</summary>
    /// <param name="finish">One of <see cref="TokenFinish"/>.</param>
    public TokenEvidence Build(string finish) => new() { PromptIds = prompt, Finish = finish, TopCount = likeliest.Length, Positions = positions };

    // Tokens that rounding made equal stand by their number.
    private static void Insert(Span<TokenLogProb> top, int at, TokenLogProb one)
    {
        for (; at > 0 && top[at - 1].LogProb == one.LogProb && top[at - 1].Token > one.Token; at--)
        {
            top[at] = top[at - 1];
        }

        top[at] = one;
    }
}
