using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Plugins;
using SwarmPool.Settlement;

namespace TestPlugins.Good;

public static class GoodBuilderExtensions
{
    public static ISwarmPoolBuilder UseGood(this ISwarmPoolBuilder builder, IConfiguration section)
    {
        builder.Services.AddOptions<GoodOptions>()
            .Bind(section)
            .Validate(options => options.SharePercent is >= 0 and <= 100, "share_percent must be 0 to 100.")
            .ValidateOnStart();
        builder.Services.AddHostedService<GoodMarker>();
        return builder.Fill<ISettlementPolicy>("Good settlement", _ => new GoodPolicy());
    }
}
