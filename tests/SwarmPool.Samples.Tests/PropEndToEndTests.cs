using System.Text.Json.Nodes;
using SwarmPool.EndToEnd.Tests;
using SwarmPool.Runtime.Errors;
using SwarmPool.Settlement;

namespace SwarmPool.Samples.Tests;

/// <summary>A pool that pays in proportion, with a fee and a gift for two whom its policy declares, from its plugin folder.</summary>
public sealed class PropEndToEndTests
{
    private const string Address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    private const string Fee = "clinic.clientswarm.eth";
    private const string Gift = "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed.addr.reverse";

    [Fact]
    public async Task A_fee_of_two_percent_and_a_gift_are_paid_to_the_micro_unit_shown_and_audited()
    {
        using var folder = await PoolFolder.InitAsync(("epoch_duration_seconds", "3"), ("checks__on", "false"));
        await SamplePool.SettleByAsync(folder, "PropSettlement", new JsonObject { ["fee_to"] = Fee, ["gift_to"] = Address, ["gift_usdc"] = "0.010001" });
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using (var alice = folder.Miner("miner.alice.eth"))
        {
            await using var client = folder.Client("submit", folder.Path("job.json"));
            Assert.True(await client.EndsAsync(PoolFolder.Patience) == ExitCodes.Ok, string.Join('\n', client.Lines));
        }

        var epoch = JsonNode.Parse(await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"epoch_settled\"", "miner.alice.eth"))!;
        Assert.Equal([(Fee, "0.002"), (Gift, "0.010001")], Paid(epoch["declared"]!));
        Assert.Equal([("miner.alice.eth", "0.087999")], Paid(epoch["payouts"]!));
        Assert.Equal(("0.087999", "0"), (epoch["miner_pool"]!.GetValue<string>(), epoch["hive_ops"]!.GetValue<string>()));
        Assert.Equal(Usdc.Parse("0.1"), Sum(epoch["declared"]!) + Sum(epoch["payouts"]!));

        // A stranger with the policy and its options finds nothing to look at.
        await using var audit = folder.Start("SwarmPool.Daemon", "swarmpool", "epoch", "audit", epoch["cid"]!.GetValue<string>());
        Assert.True(await audit.EndsAsync(PoolFolder.Patience) == ExitCodes.Ok, string.Join('\n', audit.Lines));
        await audit.SaysAsync(PoolFolder.Patience, "Also paid:", $"{Fee} 0.002 USDC");
        await audit.SaysAsync(PoolFolder.Patience, "Also paid:", "0.010001 USDC", Address.ToLowerInvariant());
        await audit.SaysAsync(PoolFolder.Patience, "The policy settles", "again as published.");

        await using var status = folder.Start("SwarmPool.Daemon", "swarmpool", "status");
        Assert.Equal(ExitCodes.Ok, await status.EndsAsync(PoolFolder.Patience));
        await status.SaysAsync(PoolFolder.Patience, "Also paid:", Fee);

        // With another payee in the options it is another rule, and that is said.
        await using var other = folder.StartWith(
            "SWARMPOOL_plugins__use__PropSettlement__fee_to", "miner.bob.eth", "SwarmPool.Daemon", "swarmpool", "epoch", "audit", epoch["cid"]!.GetValue<string>());
        Assert.Equal(ExitCodes.Refused, await other.EndsAsync(PoolFolder.Patience));
        await other.SaysAsync(PoolFolder.Patience, "✗", "epoch-");
    }

    private static IEnumerable<(string, string)> Paid(JsonNode items) => items.AsArray().Select(item => (item!["miner"]!.GetValue<string>(), item["amount"]!.GetValue<string>()));

    private static Usdc Sum(JsonNode items) => Paid(items).Aggregate(Usdc.Zero, (sum, item) => sum + Usdc.Parse(item.Item2));
}
