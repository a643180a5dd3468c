using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Daemon;

/// <summary>Checks the daemon's options, all at once; the ranges by their attributes, the rest here.</summary>
[OptionsValidator]
internal sealed partial class DaemonOptionsRangeValidator : IValidateOptions<DaemonOptions>;

/// <summary>Names and amounts.</summary>
internal sealed class DaemonOptionsValidator : IValidateOptions<DaemonOptions>
{
    public ValidateOptionsResult Validate(string? name, DaemonOptions options)
    {
        var problems = new List<string>();
        if (!EnsName.TryParse(options.PoolEns, out _, out var reason))
        {
            problems.Add($"pool_ens: {reason}");
        }

        if (options.OperationsEns.Length > 0 && !EnsName.TryParse(options.OperationsEns, out _, out reason))
        {
            problems.Add($"operations_ens: {reason}");
        }

        if (!Usdc.TryParse(options.MinMinerStake, out _))
        {
            problems.Add($"min_miner_stake: '{options.MinMinerStake}' is not an amount of USDC, like \"0\" or \"25.5\"");
        }

        if (!Usdc.TryParse(options.MaxJobAmount, out _))
        {
            problems.Add($"max_job_amount: '{options.MaxJobAmount}' is not an amount of USDC, like \"10000\"");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
