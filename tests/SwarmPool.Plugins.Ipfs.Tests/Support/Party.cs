using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.Support;

/// <summary>Makes transports and channels as the builder does.</summary>
internal static class Party
{
    private static readonly ServiceProvider Http = new ServiceCollection().AddRpcHttp().BuildServiceProvider();

    public static IHttpClientFactory Clients => Http.GetRequiredService<IHttpClientFactory>();

    public static ITransport Make(IpfsOptions options, ILogger? logger = null) =>
        IpfsTransport.Create(options, Path.GetTempPath(), Clients, TimeProvider.System, logger ?? NullLogger.Instance);

    public static RpcChannel Channel(string api, string? auth = null)
    {
        Assert.True(NodeAddress.TryParse(api, auth, out var node, out var problem), problem);
        return new RpcChannel(Clients, node, TimeProvider.System);
    }

    public static async Task<TransportException> ThrowsAsync(TransportFault fault, Func<Task> work)
    {
        var thrown = await Assert.ThrowsAsync<TransportException>(work);
        Assert.Equal((fault, thrown.Message), (thrown.Fault, thrown.Message));
        return thrown;
    }
}
