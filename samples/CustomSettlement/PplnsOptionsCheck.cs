using Microsoft.Extensions.Options;

namespace CustomSettlement;

/// <summary>Finds every bad option at once, when the host starts.</summary>
internal sealed class PplnsOptionsCheck : IValidateOptions<PplnsOptions>
{
    public ValidateOptionsResult Validate(string? name, PplnsOptions options)
    {
        var problems = new List<string>();
        if (options.WindowUsdc is < 1 or > 1_000_000_000)
        {
            problems.Add($"pplns: window_usdc is {options.WindowUsdc}; write a number from 1 to 1000000000.");
        }

        if (options.MinerPercent is < 0 or > 100)
        {
            problems.Add($"pplns: miner_percent is {options.MinerPercent}; write a number from 0 to 100.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
