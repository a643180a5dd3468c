using System.Collections;
using System.Globalization;

namespace SwarmPool.Verification;

/// <summary>What a verifier measured, in the order in which it is told. Whole numbers, so that they are the same for everybody.</summary>
/// <remarks>Immutable. Two are equal when they have equal scores in the same order.</remarks>
public sealed class VerificationScores : IReadOnlyList<VerificationScore>, IEquatable<VerificationScores>
{
    /// <summary>The most scores of one judgement.</summary>
    public const int Most = 16;

    private readonly VerificationScore[] scores;

    /// <summary>Makes them.</summary>
    /// <param name="scores">1 to <see cref="Most"/>.</param>
    /// <exception cref="ArgumentException">There are none or too many, or a name is no word of 1 to 32 of <c>a-z 0-9 _</c>.</exception>
    public VerificationScores(params ReadOnlySpan<VerificationScore> scores)
    {
        if (scores.Length is 0 or > Most)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A judgement has 1 to {Most} scores, not {scores.Length}."), nameof(scores));
        }

        foreach (var score in scores)
        {
            if (score.Name is not { Length: >= 1 and <= 32 } name || name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789_"))
            {
                throw new ArgumentException("A score's name is a word of 1 to 32 of a-z, 0-9 and _.", nameof(scores));
            }
        }

        this.scores = scores.ToArray();
    }

    /// <inheritdoc/>
    public int Count => scores.Length;

    /// <inheritdoc/>
    public VerificationScore this[int index] => scores[index];

    /// <inheritdoc/>
    public bool Equals(VerificationScores? other) => other is not null && scores.AsSpan().SequenceEqual(other.scores);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerificationScores);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var score in scores)
        {
            hash.Add(score);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<VerificationScore> GetEnumerator() => ((IEnumerable<VerificationScore>)scores).GetEnumerator();

    /// <summary>The scores for people: "margin_micro 1250, positions 40".</summary>
    public override string ToString() => string.Join(", ", scores.Select(static score => string.Create(CultureInfo.InvariantCulture, $"{score.Name} {score.Value}")));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>One thing that was measured.</summary>
/// <param name="Name">What, e.g. "max_abs_micro": a word of 1 to 32 of <c>a-z 0-9 _</c> that says its unit.</param>
/// <param name="Value">How much.</param>
public readonly record struct VerificationScore(string Name, long Value);
