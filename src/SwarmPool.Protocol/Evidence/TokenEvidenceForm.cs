namespace SwarmPool.Protocol.Evidence;

/// <summary>What holds of every evidence, whoever made it.</summary>
internal static class TokenEvidenceForm
{
    /// <summary>What is wrong with it; null when it can be written.</summary>
    public static string? ProblemOf(TokenEvidence evidence)
    {
        if (!TokenFinish.All.Contains(evidence.Finish))
        {
            return "The evidence's finish is none.";
        }

        if (evidence.TopCount is < 1 or > TokenEvidence.MostTop)
        {
            return $"The evidence states {evidence.TopCount} tokens a position; 1 to {TokenEvidence.MostTop} are allowed.";
        }

        if (evidence.PromptIds.Length is 0 or > TokenEvidenceCodec.MaxTokens || evidence.Positions.Count is 0 or > TokenEvidenceCodec.MaxTokens)
        {
            return $"The evidence has {evidence.PromptIds.Length} tokens of a prompt and {evidence.Positions.Count} of an answer; 1 to {TokenEvidenceCodec.MaxTokens} are allowed.";
        }

        foreach (var token in evidence.PromptIds.Span)
        {
            if (token < 0)
            {
                return "A token of the evidence's prompt is negative.";
            }
        }

        for (var i = 0; i < evidence.Positions.Count; i++)
        {
            if (ProblemOf(evidence.Positions[i], evidence.TopCount) is { } problem)
            {
                return $"The evidence's position {i}: {problem}.";
            }
        }

        return null;
    }

    private static string? ProblemOf(EvidencePosition position, int count)
    {
        var top = position.Top.Span;
        if (top.Length != count)
        {
            return $"it states {top.Length} tokens, not {count}";
        }

        if (Math.Abs((long)position.LogSum) > TokenEvidenceCodec.MostLogSum)
        {
            return "its sum of logits is out of range";
        }

        for (var i = 0; i < top.Length; i++)
        {
            var (token, logProb) = top[i];
            if (token < 0 || logProb is > 0 or < TokenLogProb.Least)
            {
                return "a token or its logarithm of probability is out of range";
            }

            if (i > 0 && (logProb > top[i - 1].LogProb || (logProb == top[i - 1].LogProb && token < top[i - 1].Token)))
            {
                return "its tokens are not in order";
            }

            if (IndexOf(top[..i], token) >= 0)
            {
                return "it states a token twice";
            }
        }

        var chosen = position.Chosen;
        if (IndexOf(top, chosen.Token) is var at && at >= 0)
        {
            return top[at].LogProb == chosen.LogProb ? null : "it states the chosen token twice, differently";
        }

        return chosen.Token < 0 || chosen.LogProb < TokenLogProb.Least || chosen.LogProb > top[^1].LogProb ? "the chosen token is out of range, or likelier than those stated" : null;
    }

    public static int IndexOf(ReadOnlySpan<TokenLogProb> top, int token)
    {
        for (var i = 0; i < top.Length; i++)
        {
            if (top[i].Token == token)
            {
                return i;
            }
        }

        return -1;
    }
}
