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
    public ValidateOptionsResult Validate(string? name, RuleOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckRange("miner_percent", options.MinerPercent, 0, 100);
        return problems.Build();
    }
}
// end

// snippet: extension
public static class RuleBuilderExtensions
{
    public static ISwarmPoolBuilder UseRule(this ISwarmPoolBuilder builder, Action<RuleOptions>? configure = null) =>
        builder.AddSlotOptions<RuleOptions, RuleOptionsCheck>(configure).FillPolicy();

    public static ISwarmPoolBuilder UseRule(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<RuleOptions, RuleOptionsCheck>(section, ConfigurationBinder.Bind).FillPolicy();

    private static ISwarmPoolBuilder FillPolicy(this ISwarmPoolBuilder builder) =>
        builder.Fill<ISettlementPolicy>("My rule", services => new RulePolicy(services.GetRequiredService<IOptions<RuleOptions>>().Value));
}
// end
