using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Settlement;

namespace Company.Plugin1;

/// <summary>For programs that compose in code; the plugin folder comes the same way.</summary>
public static class SettlementBuilderExtensions
{
    /// <summary>Fills the <see cref="ISettlementPolicy"/> slot.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseSettlementRule(this ISwarmPoolBuilder builder, Action<SettlementOptions>? configure = null)
    {
        builder.Services.AddOptions<SettlementOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SettlementOptions>, SettlementOptionsCheck>());
        return builder.Fill<ISettlementPolicy>("Company.Plugin1 settlement", static services => new SettlementPolicy(services.GetRequiredService<IOptions<SettlementOptions>>().Value));
    }
}
