using CustomSettlement;
using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;

namespace SwarmPool.Samples.Tests;

public sealed class PplnsConformanceTests : SettlementSuite
{
    protected override ISettlementPolicy Make() => new PplnsPolicy(new PplnsOptions { WindowUsdc = 500 });
}
