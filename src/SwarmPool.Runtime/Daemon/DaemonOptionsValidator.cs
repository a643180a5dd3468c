using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Daemon;

/// <summary>Checks the daemon's options, all at once.</summary>
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

        if (options.Instance.Length > 100 || options.Instance.Any(char.IsControl))
        {
            problems.Add("instance: must be at most 100 characters on one line");
        }

        OptionRange.Check(problems, "epoch_duration_seconds", options.EpochDurationSeconds, 1, 604_800);
        OptionRange.Check(problems, "claim_timeout_seconds", options.ClaimTimeoutSeconds, 1, 86_400);
        OptionRange.Check(problems, "max_attempts", options.MaxAttempts, 1, 100);
        OptionRange.Check(problems, "max_attempt_seconds", options.MaxAttemptSeconds, 1, 604_800);
        OptionRange.Check(problems, "claims_per_miner", options.ClaimsPerMiner, 1, 1000);
        OptionRange.Check(problems, "cool_down_seconds", options.CoolDownSeconds, 0, 3600);
        OptionRange.Check(problems, "jobs_per_client", options.JobsPerClient, 1, 10_000_000);
        OptionRange.Check(problems, "max_jobs", options.MaxJobs, 1, 10_000_000);
        OptionRange.Check(problems, "max_miners", options.MaxMiners, 1, 1_000_000);
        OptionRange.Check(problems, "max_output_bytes", options.MaxOutputBytes, 1, 268_435_456);
        OptionRange.Check(problems, "fetch_seconds", options.FetchSeconds, 1, 600);
        OptionRange.Check(problems, "policy_seconds", options.PolicySeconds, 1, 600);
        OptionRange.Check(problems, "state_seconds", options.StateSeconds, 1, 60);
        OptionRange.Check(problems, "keep_epochs", options.KeepEpochs, 1, 10_000);
        OptionRange.Check(problems, "peer_rate", options.PeerRate, 1, 1_000_000);
        OptionRange.Check(problems, "name_rate", options.NameRate, 1, 1_000_000);
        OptionRange.Check(problems, "lease_seconds", options.LeaseSeconds, 1, 300);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
