using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace Company.Plugin1;

/// <summary>Finds every problem of the options at once, when the host starts.</summary>
internal sealed class SettlementOptionsCheck : IValidateOptions<SettlementOptions>
{
    public ValidateOptionsResult Validate(string? name, SettlementOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckRange("miner_percent", options.MinerPercent, 0, 100);
        return problems.Build();
    }
}
