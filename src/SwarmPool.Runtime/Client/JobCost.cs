using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Generation;
using SwarmPool.Runtime.Metering;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Client;

/// <summary>What a job can come to, told before it is sent.</summary>
public static class JobCost
{
    /// <summary>
    /// The most that a job can cost: its amount, or less where its input says so: a prompt has at most a token a byte and what templates add, an answer at most as
    /// many as are asked for; sound and pictures of the input are counted.
    /// </summary>
    /// <param name="spec">The job, with its rates in it (<see cref="PoolClient.PriceAsync"/>).</param>
    public static Usdc Most(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Rates is not { } rates || spec.InputCid is not null)
        {
            return spec.Amount;
        }

        if (rates.Seconds > 0 || rates.Pictures > 0)
        {
            return UsageCounter.InInput(rates, spec.JobType, spec.Input) is { } counted ? rates.CostOf(counted, spec.Amount) : spec.Amount;
        }

        try
        {
            var most = TextJob.Read(spec.Input).MaxTokens ?? TextJob.DefaultTokens;
            return rates.CostOf(new JobUsage { InputTokens = spec.Input.Length + TextUsage.TemplateTokens, OutputTokens = most }, spec.Amount);
        }
        catch (SwarmPoolException)
        {
            return spec.Amount; // No text job: the pool will say what is wrong with it.
        }
    }
}
