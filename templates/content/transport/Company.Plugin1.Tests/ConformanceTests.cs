using SwarmPool.Testing.Transport;
using SwarmPool.Transport;

namespace Company.Plugin1.Tests;

/// <summary>The slot's contract. What this plugin does beyond it is tested beside.</summary>
public sealed class ConformanceTests : TransportSuite
{
    private readonly LocalNetwork network = new();

    protected override ITransport Make() => new LocalTransport(network);
}
