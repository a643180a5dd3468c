using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace CustomSettlement;

/// <summary>Finds every problem of the options at once, when the host starts.</summary>
internal sealed class PplnsOptionsCheck : IValidateOptions<PplnsOptions>
{
    public ValidateOptionsResult Validate(string? name, PplnsOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckRange("window_usdc", options.WindowUsdc, 1, 1_000_000_000);
        problems.CheckRange("miner_percent", options.MinerPercent, 0, 100);
        return problems.Build();
    }
}
