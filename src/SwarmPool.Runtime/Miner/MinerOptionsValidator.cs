using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Miner;

/// <summary>Checks the miner's options, all at once.</summary>
internal sealed class MinerOptionsValidator : IValidateOptions<MinerOptions>
{
    public ValidateOptionsResult Validate(string? name, MinerOptions options)
    {
        var problems = new List<string>();
        if (!EnsName.TryParse(options.MinerEns, out _, out var reason))
        {
            problems.Add($"miner_ens: {reason}; set it to this miner's own name, like miner.alice.eth");
        }

        if (!EnsName.TryParse(options.PoolEns, out _, out reason))
        {
            problems.Add($"pool_ens: {reason}");
        }

        if (!Enum.IsDefined(options.Mode))
        {
            problems.Add($"mode: '{options.Mode}' is no mode; set it to SOLO or PPS");
        }

        if (options.Models.Count > 256)
        {
            problems.Add($"models: {options.Models.Count} are named; a miner offers at most 256");
        }

        if (options.Gpus.Count > 64)
        {
            problems.Add($"gpus: {options.Gpus.Count} are named; at most 64 are told");
        }

        OptionRange.Check(problems, "parallel_jobs", options.ParallelJobs, 1, 64);
        OptionRange.Check(problems, "max_input_bytes", options.MaxInputBytes, 1, 1_073_741_824);
        OptionRange.Check(problems, "input_seconds", options.InputSeconds, 1, 3600);
        OptionRange.Check(problems, "job_seconds", options.JobSeconds, 1, 604_800);
        OptionRange.Check(problems, "drain_seconds", options.DrainSeconds, 0, 3600);
        OptionRange.Check(problems, "claim_seconds", options.ClaimSeconds, 1, 300);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
