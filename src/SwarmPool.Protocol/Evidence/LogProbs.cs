using System.Numerics;
using SwarmPool.Protocol.Sampling;

namespace SwarmPool.Protocol.Evidence;

/// <summary>Logarithms of probabilities from logits: for whoever writes evidence, and whoever compares another's with a model's.</summary>
/// <remarks>
/// Pure; thread-safe; allocates nothing. Exponentials are taken in single precision, as many at once as the machine can, and summed in double: the last of the
/// 1/4096 may differ between machines.
/// </remarks>
public static class LogProbs
{
    /// <summary>ln Σ exp(logit): what is taken from a logit to have its token's logarithm of probability.</summary>
    /// <param name="logits">All tokens' logits, finite; at least one.</param>
    /// <param name="most">The greatest of them.</param>
    public static double SumOf(ReadOnlySpan<float> logits, float most)
    {
        double sum = 0;
        var (low, high) = (Vector<double>.Zero, Vector<double>.Zero);
        var by = new Vector<float>(most);
        var at = 0;
        for (; at <= logits.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            Vector.Widen(Vector.Exp(new Vector<float>(logits[at..]) - by), out var first, out var second);
            low += first;
            high += second;
        }

        for (; at < logits.Length; at++)
        {
            sum += MathF.Exp(logits[at] - most);
        }

        return most + Math.Log(sum + Vector.Sum(low + high));
    }

    /// <summary>A token's logarithm of probability as evidence states it.</summary>
    /// <param name="logit">The token's logit; finite.</param>
    /// <param name="sum">What <see cref="SumOf"/> gives.</param>
    public static int Rounded(float logit, double sum) =>
        (int)Math.Clamp(Math.Round((logit - sum) * TokenLogProb.Scale), TokenLogProb.Least, 0);

    /// <summary>A sum of logits as evidence states it: <see cref="EvidencePosition.LogSum"/>.</summary>
    /// <param name="sum">What <see cref="SumOf"/> gives.</param>
    public static int Rounded(double sum) =>
        (int)Math.Clamp(Math.Round(sum * TokenLogProb.Scale), -(double)TokenEvidenceCodec.MostLogSum, TokenEvidenceCodec.MostLogSum);

    /// <summary>The likeliest tokens: the greater logit first, of equal ones the lower token.</summary>
    /// <param name="logits">All tokens' logits, finite.</param>
    /// <param name="top">Where they go; no longer than <paramref name="logits"/>.</param>
    public static void Top(ReadOnlySpan<float> logits, Span<TokenLogit> top)
    {
        var count = 0;
        var at = 0;
        while (at < logits.Length)
        {
            // Most of a vocabulary is less likely than the least of the top: looked at many at once, and passed by.
            if (count == top.Length && at <= logits.Length - Vector<float>.Count
                && !Vector.GreaterThanAny(new Vector<float>(logits[at..]), new Vector<float>(top[^1].Logit)))
            {
                at += Vector<float>.Count;
                continue;
            }

            for (var end = Math.Min(logits.Length, at + Vector<float>.Count); at < end; at++)
            {
                count = Add(top, count, at, logits[at]);
            }
        }
    }

    // In the order of tokens: of equal ones the one that is there comes first.
    private static int Add(Span<TokenLogit> top, int count, int token, float logit)
    {
        if (count == top.Length && !(logit > top[^1].Logit))
        {
            return count;
        }

        var at = count == top.Length ? count - 1 : count;
        var now = at + 1;
        for (; at > 0 && logit > top[at - 1].Logit; at--)
        {
            top[at] = top[at - 1];
        }

        top[at] = new TokenLogit(token, logit);
        return now;
    }
}
