using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Settlement;

namespace CustomSettlement;

/// <summary>Adds PPLNS to a pool.</summary>
public static class PplnsBuilderExtensions
{
    /// <summary>Fills the <see cref="ISettlementPolicy"/> slot with PPLNS.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; null keeps the defaults. They are checked when the host starts.</param>
    public static ISwarmPoolBuilder UsePplns(this ISwarmPoolBuilder builder, Action<PplnsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<PplnsOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PplnsOptions>, PplnsOptionsCheck>());
        return builder.Fill<ISettlementPolicy>("PPLNS settlement", static services =>
            new PplnsPolicy(services.GetRequiredService<IOptions<PplnsOptions>>().Value));
    }
}
