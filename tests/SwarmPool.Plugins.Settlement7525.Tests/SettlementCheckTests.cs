using SwarmPool.Runtime.Settlement;
using SwarmPool.Settlement;
using static SwarmPool.Settlement.MiningMode;

namespace SwarmPool.Plugins.Settlement7525.Tests;

public sealed class SettlementCheckTests
{
    private static readonly EpochLedger Ledger = Ledgers.Of(("a", SOLO, 5), ("b", PPS, 200), ("c", PPS, 300), ("a", PPS, 1), ("d", SOLO, 1));

    [Fact]
    public async Task The_policy_passes_the_check_that_every_policy_has_to_pass()
    {
        var verdict = await PolicySettlement.SettleAsync(
            Composed.Policy, Ledger, "", TimeSpan.FromSeconds(30), TimeProvider.System, TaskScheduler.Default, CancellationToken.None);

        Assert.Null(verdict.Refusal);
        Assert.Equal(Composed.Policy.Settle(Ledger, "").Settlement.Miners, verdict.Outcome!.Settlement.Miners);
    }

    [Fact]
    public void The_policy_is_published_with_the_hash_of_its_assembly()
    {
        var identity = PolicyIdentities.Of(Composed.Policy);
        var file = File.ReadAllBytes(typeof(Settlement7525Plugin).Assembly.Location);
        Assert.Equal(("75/25", "1.0.0"), (identity.Name, identity.Version));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)), identity.Sha256);
    }
}
