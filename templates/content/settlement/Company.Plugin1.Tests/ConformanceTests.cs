using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;

namespace Company.Plugin1.Tests;

/// <summary>The slot's contract. What this plugin does beyond it is tested beside.</summary>
public sealed class ConformanceTests : SettlementSuite
{
    protected override ISettlementPolicy Make() => new SettlementPolicy(new SettlementOptions());
}
