namespace SwarmPool.Tools.Sums.Training;

/// <summary>How many sums a network adds rightly, written out token by token.</summary>
internal static class Examination
{
    private const int AtOnce = 100;

    public static int CountRight(Transformer network, IReadOnlyList<Sum> sums)
    {
        var right = 0;
        foreach (var some in sums.Chunk(AtOnce))
        {
            var pass = new Pass(network, some.Length, Sum.Length);
            var (tokens, next) = (new int[some.Length * Sum.Length], new int[some.Length * Sum.Length]);
            for (var i = 0; i < some.Length; i++)
            {
                some[i].Write(tokens.AsSpan(i * Sum.Length, Sum.Length), next.AsSpan(i * Sum.Length, Sum.Length));
            }

            // Each token that is right, given those before it that are: the answer as it would be written.
            pass.Forward(tokens);
            for (var i = 0; i < some.Length; i++)
            {
                right += Enumerable.Range(i * Sum.Length, Sum.Length).All(at => next[at] < 0 || Best(pass.Scores.AsSpan(at * Vocabulary.Count, Vocabulary.Count)) == next[at]) ? 1 : 0;
            }
        }

        return right;
    }

    private static int Best(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var token = 1; token < scores.Length; token++)
        {
            best = scores[token] > scores[best] ? token : best;
        }

        return best;
    }
}
