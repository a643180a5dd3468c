using Microsoft.Extensions.Options;

namespace Company.Plugin1;

/// <summary>Finds every bad option at once, when the host starts.</summary>
internal sealed class SettlementOptionsCheck : IValidateOptions<SettlementOptions>
{
    public ValidateOptionsResult Validate(string? name, SettlementOptions options)
    {
        var problems = new List<string>();
        if (options.MinerPercent is < 0 or > 100)
        {
            problems.Add($"miner_percent is {options.MinerPercent}; write a number from 0 to 100.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
