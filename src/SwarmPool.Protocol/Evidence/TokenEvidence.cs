namespace SwarmPool.Protocol.Evidence;

/// <summary>
/// How an answer's tokens came about: what the model was given, what was chosen at each position, and how likely it found the likeliest
/// tokens there. Whoever has the model can follow it in one pass, without writing the answer again; whoever has none can count it.
/// </summary>
/// <remarks>
/// Immutable. <see cref="TokenEvidenceCodec"/> gives it its one form in bytes; two are the same when those are, which this type's own
/// equality does not look at. docs/protocol.md has the form.
/// </remarks>
public sealed record TokenEvidence
{
    /// <summary>How many of the likeliest tokens are stated at a position, where the vocabulary has as many: 20.</summary>
    public const int UsualTop = 20;

    /// <summary>The most that may be stated at a position: 64.</summary>
    public const int MostTop = 64;

    /// <summary>Positions on a page: 32.</summary>
    public const int PageLength = 32;

    /// <summary>The prompt's tokens, those of a template included; at least one.</summary>
    public required ReadOnlyMemory<int> PromptIds { get; init; }

    /// <summary>Why the answer ends; one of <see cref="TokenFinish"/>.</summary>
    public required string Finish { get; init; }

    /// <summary>How many of the likeliest tokens each position states, 1 to <see cref="MostTop"/>.</summary>
    public required int TopCount { get; init; }

    /// <summary>The answer's positions; at least one.</summary>
    public required IReadOnlyList<EvidencePosition> Positions { get; init; }

    /// <summary>The answer's tokens: what was chosen at each position, an end token too. A copy.</summary>
    public int[] OutputIds()
    {
        var ids = new int[Positions.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = Positions[i].Chosen.Token;
        }

        return ids;
    }
}

/// <summary>Why an answer ends, as its output and its evidence say it.</summary>
public static class TokenFinish
{
    /// <summary>With an end token of the model's.</summary>
    public const string Stop = "stop";

    /// <summary>It has as many tokens as were asked for.</summary>
    public const string Length = "length";

    /// <summary>It came to a stop string.</summary>
    public const string StopString = "stop_string";

    /// <summary>All of them; the place of each is its number in bytes.</summary>
    internal static IReadOnlyList<string> All { get; } = [Stop, Length, StopString];
}

/// <summary>One position of an answer.</summary>
/// <param name="Chosen">The token that was chosen; one of <paramref name="Top"/>, or less likely than they are.</param>
/// <param name="LogSum">
/// The natural logarithm of the sum of all tokens' exp(logit), in 1/4096, rounded: a logit is its logarithm of probability and this. Beyond
/// ±2^30 it is cut off there.
/// </param>
/// <param name="Top">The likeliest tokens, as the model finds them before any penalty or temperature: the likelier first, of equal ones the lower token.</param>
public readonly record struct EvidencePosition(TokenLogProb Chosen, int LogSum, ReadOnlyMemory<TokenLogProb> Top);

/// <summary>How likely a model finds a token.</summary>
/// <param name="Token">The token; 0 or more.</param>
/// <param name="LogProb">The natural logarithm of its probability in 1/4096, rounded (half to even): 0 or less, at least -2^24, where it is cut off.</param>
public readonly record struct TokenLogProb(int Token, int LogProb)
{
    /// <summary>Steps of a natural unit: 4,096.</summary>
    public const int Scale = 4096;

    /// <summary>The least logarithm that is stated: -2^24, e to the power of -4,096.</summary>
    public const int Least = -(1 << 24);
}
