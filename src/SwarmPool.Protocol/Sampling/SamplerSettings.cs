using System.Globalization;

namespace SwarmPool.Protocol.Sampling;

/// <summary>How the next token is chosen; without more, the likeliest one.</summary>
/// <remarks>Immutable. Numbers are the IEEE doubles nearest to what was written.</remarks>
public sealed record SamplerSettings
{
    /// <summary>The most tokens that are ever chosen among: 64.</summary>
    public const int MostCandidates = 64;

    /// <summary>What logits are divided by: 0, the default, for the likeliest token without chance; else 0.01 to 2.</summary>
    public double Temperature { get; init; }

    /// <summary>Of how many of the likeliest tokens one is chosen, 1 to 64. The default is 64.</summary>
    public int TopK { get; init; } = MostCandidates;

    /// <summary>Of those, as few as have this part of their probability together, more than 0, at most 1. The default is 1: all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>What a positive logit is divided by, and another multiplied, when its token was in the prompt or in the answer so far; 0.5 to 2. The default is 1.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>What is taken from a logit when its token was in the answer so far; -2 to 2. The default is 0.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>What is taken from a logit for each time that its token was in the answer so far; -2 to 2. The default is 0.</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>Whether what was said before changes a logit.</summary>
    internal bool HasPenalties => RepetitionPenalty != 1 || PresencePenalty != 0 || FrequencyPenalty != 0;

    /// <summary>What is out of range, each with its name in a job; empty for settings that can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Temperature != 0)
        {
            Check("temperature", Temperature, 0.01, 2, "0, or ");
        }

        Check("top_k", TopK, 1, MostCandidates);
        Check("top_p", TopP, double.Epsilon, 1);
        Check("repetition_penalty", RepetitionPenalty, 0.5, 2);
        Check("presence_penalty", PresencePenalty, -2, 2);
        Check("frequency_penalty", FrequencyPenalty, -2, 2);
        return problems;

        void Check(string name, double value, double least, double most, string or = "")
        {
            // Not "<": NaN is in no range.
            if (!(value >= least && value <= most))
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {or}{(least == double.Epsilon ? "more than 0" : least)} to {most} is allowed, not {value}"));
            }
        }
    }
}
