using System.Globalization;
using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Sums.Training;

/// <summary>One sum as tokens: begin, <c>a+b=</c>, the answer, end.</summary>
/// <param name="Left">0 to 99.</param>
/// <param name="Right">0 to 99.</param>
internal readonly record struct Sum(int Left, int Right)
{
    /// <summary>How many numbers there are.</summary>
    public const int Numbers = 100;

    /// <summary>The most positions that are learned from: all but the end.</summary>
    public const int Length = 10;

    private const ulong Apart = 0x61_70_61_72_74;

    public string Question => string.Create(CultureInfo.InvariantCulture, $"{Left}+{Right}=");

    public string Answer => (Left + Right).ToString(CultureInfo.InvariantCulture);

    /// <summary>True for the one sum in ten that is never learned from.</summary>
    public bool IsHeldOut => SplitMix.For(Apart, Left, Right).Below(10) == 0;

    public static IEnumerable<Sum> All =>
        from left in Enumerable.Range(0, Numbers)
        from right in Enumerable.Range(0, Numbers)
        select new Sum(left, right);

    /// <summary>Its tokens and, shifted by one, what follows each; -1 where nothing is to be learned.</summary>
    public void Write(Span<int> tokens, Span<int> next)
    {
        tokens.Fill(Vocabulary.End);
        next.Fill(-1);
        var text = Question + Answer;
        tokens[0] = Vocabulary.Begin;
        for (var i = 0; i < text.Length; i++)
        {
            tokens[i + 1] = Vocabulary.Of(text[i]);
            if (i >= Question.Length)
            {
                next[i] = Vocabulary.Of(text[i]);
            }
        }

        next[text.Length] = Vocabulary.End;
    }
}
