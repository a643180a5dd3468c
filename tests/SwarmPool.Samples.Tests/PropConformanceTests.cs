using PropSettlement;
using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;

namespace SwarmPool.Samples.Tests;

public sealed class PropConformanceTests : SettlementSuite
{
    protected override ISettlementPolicy Make() => new PropPolicy(new PropOptions
    {
        FeeTo = "dev.eth",
        GiftTo = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        GiftUsdc = "0.01",
    });
}
