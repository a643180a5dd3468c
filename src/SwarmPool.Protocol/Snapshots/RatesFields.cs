using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>The forms of the fields of rates and of what they are for.</summary>
internal static class RatesFields
{
    public static Refusal? Rates(string path, JobRates? rates) => rates is null
        ? null
        : Rate(path, "base", rates.Base)
            ?? Rate(path, "input_tokens", rates.InputTokens)
            ?? Rate(path, "output_tokens", rates.OutputTokens)
            ?? Rate(path, "seconds", rates.Seconds)
            ?? Rate(path, "pictures", rates.Pictures)
            ?? (rates.InputTokens > 0 || rates.OutputTokens > 0 || rates.Seconds > 0 || rates.Pictures > 0 ? null : new Refusal(ErrorCodes.BadField, $"{path} needs a rate above 0 besides the base: without one, leave the rates out."));

    public static Refusal? Price(string path, ModelPriceItem price) =>
        Field.Model($"{path}.model", price.Model) ?? Rates($"{path}.rates", price.Rates);

    public static Refusal? Usage(string path, JobUsage? usage) => usage is null
        ? null
        : Field.Range($"{path}.input_tokens", usage.InputTokens, 0)
            ?? Field.Range($"{path}.output_tokens", usage.OutputTokens, 0)
            ?? Field.Range($"{path}.milliseconds", usage.Milliseconds, 0)
            ?? Field.Range($"{path}.pictures", usage.Pictures, 0);

    private static Refusal? Rate(string path, string name, long? rate) => Field.Range($"{path}.{name}", rate, 0, JobRates.Most);
}
