using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>Rates and what was counted, in words.</summary>
internal static class RatesText
{
    /// <summary>E.g. "USDC: 0.001 for the job, 0.0002 for 1,000 output tokens".</summary>
    public static string Of(JobRates rates)
    {
        var parts = new List<string>();
        Add(rates.Base, "for the job");
        Add(rates.InputTokens, "for 1,000 input tokens");
        Add(rates.OutputTokens, "for 1,000 output tokens");
        Add(rates.Seconds, "a second");
        Add(rates.Pictures, "a picture");
        return parts.Count == 0 ? "nothing" : "USDC: " + string.Join(", ", parts);

        void Add(long? micro, string what)
        {
            if (micro > 0)
            {
                parts.Add($"{Usdc.FromMicro(micro.Value)} {what}");
            }
        }
    }

    /// <summary>E.g. "14 tokens in, 9 tokens out".</summary>
    public static string Of(JobUsage usage)
    {
        var parts = new List<string>();
        if (usage.InputTokens is { } input)
        {
            parts.Add(FormattableString.Invariant($"{input:N0} tokens in"));
        }

        if (usage.OutputTokens is { } output)
        {
            parts.Add(FormattableString.Invariant($"{output:N0} tokens out"));
        }

        if (usage.Milliseconds is { } milliseconds)
        {
            parts.Add(FormattableString.Invariant($"{milliseconds / 1000m:0.###} s"));
        }

        if (usage.Pictures is { } pictures)
        {
            parts.Add(FormattableString.Invariant($"{pictures:N0} {(pictures == 1 ? "picture" : "pictures")}"));
        }

        return string.Join(", ", parts);
    }
}
