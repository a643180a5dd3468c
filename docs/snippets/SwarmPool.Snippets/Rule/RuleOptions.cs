using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Settlement;

namespace SwarmPool.Snippets.Rule;

// snippet: options
public sealed class RuleOptions
{
    [ConfigurationKeyName("miner_percent")]
    public int MinerPercent { get; set; } = 75;
}

internal sealed class RuleOptionsCheck : IValidateOptions<RuleOptions>
{
    public ValidateOptionsResult Validate(string? name, RuleOptions options) => options.MinerPercent is >= 0 and <= 100
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"miner_percent is {options.MinerPercent}; write a number from 0 to 100.");
}
// end

// snippet: extension
public static class RuleBuilderExtensions
{
    public static ISwarmPoolBuilder UseRule(this ISwarmPoolBuilder builder, Action<RuleOptions>? configure = null)
    {
        builder.Services.AddOptions<RuleOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RuleOptions>, RuleOptionsCheck>();
        return builder.Fill<ISettlementPolicy>("My rule", services => new RulePolicy(services.GetRequiredService<IOptions<RuleOptions>>().Value));
    }
}
// end
