using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Plugins.Ens.Offchain;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens.Tests.Support;

/// <summary>Makes the provider as the builder does.</summary>
internal static class Identities
{
    public static EnsIdentity Make(EnsOptions options, TimeProvider? time = null, ILogger<EnsIdentity>? logger = null) =>
        EnsIdentity.Create(options, Clients(static services => services.AddRpcHttp().AddGatewayHttp()), time ?? TimeProvider.System, logger ?? NullLogger<EnsIdentity>.Instance);

    /// <summary>A provider whose gateways may be on loopback, at addresses that a test allows, with a certificate of the test's own.</summary>
    public static EnsIdentity MakeWithGateway(EnsOptions options, Func<IPAddress, bool> mayConnect, string thumbprint) =>
        EnsIdentity.Create(
            options,
            Clients(services =>
            {
                services.AddRpcHttp();
                services.AddHttpClient(GatewayHttp.ClientName, GatewayHttp.Configure).ConfigurePrimaryHttpMessageHandler(() =>
                {
                    var handler = GatewayHttp.Handler(mayConnect);
                    handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == thumbprint;
                    return handler;
                });
            }),
            TimeProvider.System,
            NullLogger<EnsIdentity>.Instance);

    private static IHttpClientFactory Clients(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>();
    }
}
