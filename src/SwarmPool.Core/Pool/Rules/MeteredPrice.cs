using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>
/// What a job costs that pays by what is counted: base and rates are signed by its client, the usage is a recorded fact. Its amount is the ceiling, which is
/// reserved and booked until it is decided.
/// </summary>
internal static class MeteredPrice
{
    /// <summary>What a decided job costs, and what for: its amount, or what its rates make of the least that was counted for any of those who agree.</summary>
    /// <param name="job">The job.</param>
    /// <param name="agreeing">What was counted for each of the answers that decide it; all null for a job that pays its amount.</param>
    public static (Usdc Charge, JobUsage? Usage) Of(JobEntry job, IEnumerable<JobUsage?> agreeing)
    {
        if (job.Rates is not { } rates)
        {
            return (job.Price, null);
        }

        var counted = agreeing.OfType<JobUsage>().ToList();
        var least = new JobUsage
        {
            InputTokens = counted.Min(static one => one.InputTokens),
            OutputTokens = counted.Min(static one => one.OutputTokens),
            Milliseconds = counted.Min(static one => one.Milliseconds),
            Pictures = counted.Min(static one => one.Pictures),
        };
        return (rates.CostOf(least, job.Price), least);
    }

    /// <summary>The refusal of a proof for which it was not counted what the job pays by; null when it was, or the job pays its amount.</summary>
    public static Decision? Uncounted(JobEntry job, JobUsage? usage)
    {
        if (job.Rates is not { } rates)
        {
            return null;
        }

        if (IsMissing(rates.InputTokens, usage?.InputTokens) || IsMissing(rates.OutputTokens, usage?.OutputTokens))
        {
            return Decision.Refuse(ErrorCodes.EvidenceMissing, "The job pays by tokens, and none were counted for this proof: it names no evidence.");
        }

        return IsMissing(rates.Seconds, usage?.Milliseconds) || IsMissing(rates.Pictures, usage?.Pictures) || rates.CostOf(usage!, job.Price) == Usdc.Zero
            ? Decision.Refuse(ErrorCodes.UsageUncountable, "What the job pays by was not found in its input and output.")
            : null;
    }

    /// <summary>The refusal of a job that offers less than the pool asks; null when it offers enough.</summary>
    public static Decision? Refused(PoolSettings settings, JobSnapshot job)
    {
        var offered = job.Payment.Rates;
        if (offered is not null && (offered.Base ?? 0) < (settings.MinAmount?.Micro ?? 0))
        {
            return Decision.Refuse(
                ErrorCodes.AmountTooLow,
                $"The job's base is {Usdc.FromMicro(offered.Base ?? 0)} USDC; this pool takes no job that could come to less than {settings.MinAmount}: offer that as its base.");
        }

        foreach (var price in settings.Prices ?? [])
        {
            if (IsMeant(settings, price.Model, job.Model) && (offered is null || IsBelow(offered, price.Rates)))
            {
                return Decision.Refuse(
                    ErrorCodes.RatesTooLow,
                    $"For {price.Model} this pool asks at least {price.Rates} (USDC; tokens by the 1,000); the job offers {offered?.ToString() ?? "a fixed price"}.");
            }
        }

        return null;
    }

    private static bool IsMissing(long? rate, long? count) => rate > 0 && count is not >= 0;

    private static bool IsMeant(PoolSettings settings, string priced, string asked) =>
        priced == asked || settings.Models?.Any(one => one.Alias == priced && one.PackCid.ToString() == asked) == true;

    private static bool IsBelow(JobRates offered, JobRates asked) =>
        (offered.Base ?? 0) < (asked.Base ?? 0)
        || (offered.InputTokens ?? 0) < (asked.InputTokens ?? 0)
        || (offered.OutputTokens ?? 0) < (asked.OutputTokens ?? 0)
        || (offered.Seconds ?? 0) < (asked.Seconds ?? 0)
        || (offered.Pictures ?? 0) < (asked.Pictures ?? 0);
}
