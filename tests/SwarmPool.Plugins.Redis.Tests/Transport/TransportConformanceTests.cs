using SwarmPool.Testing.Transport;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests.Transport;

/// <summary>The transport's contract on a server; its topics are streams.</summary>
public sealed class TransportConformanceTests(Servers servers) : TransportSuite
{
    private readonly string configuration = servers.FreshDatabase();

    protected override ITransport Make() => Parties.At(configuration);
}
