using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;

namespace SwarmPool.Plugins.Settlement7525.Tests;

public sealed class ConformanceTests : SettlementSuite
{
    protected override ISettlementPolicy Make() => Composed.ByCode();
}
