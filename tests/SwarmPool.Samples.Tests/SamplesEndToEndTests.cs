using System.Text.Json.Nodes;
using SwarmPool.EndToEnd.Tests;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Samples.Tests;

/// <summary>Both samples in real processes, taken from plugin folders by configuration alone.</summary>
public sealed class SamplesEndToEndTests
{
    [Fact]
    public async Task A_miners_own_program_answers_and_PPLNS_pays_it_in_a_later_epoch_too()
    {
        using var folder = await SamplePool.MakeAsync();
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");

        await using (var alice = folder.Miner("miner.alice.eth"))
        {
            await SubmitAsync(folder);
            alice.Interrupt();
            await alice.EndsAsync(PoolFolder.Patience);
        }

        var first = await SettledAsync(daemon, "miner.alice.eth");
        Assert.Equal("0.075", Paid(first, "miner.alice.eth"));

        await using var bob = folder.Miner("miner.bob.eth");
        await SubmitAsync(folder);
        var second = await SettledAsync(daemon, "miner.bob.eth");

        // Alice is gone, and half of the window's shares are hers: 75 % of 0.10, by two.
        Assert.Equal("0.0375", Paid(second, "miner.alice.eth"));
        Assert.Equal("0.0375", Paid(second, "miner.bob.eth"));

        foreach (var epoch in new[] { first, second })
        {
            await using var audit = folder.Start("SwarmPool.Daemon", "swarmpool", "epoch", "audit", epoch["cid"]!.GetValue<string>(), "--json");
            Assert.True(await audit.EndsAsync(PoolFolder.Patience) == ExitCodes.Ok, string.Join('\n', audit.Lines));
            await audit.SaysAsync(PoolFolder.Patience, "\"right\": true");
            await audit.SaysAsync(PoolFolder.Patience, "\"split_checked\": true");
        }
    }

    private static async Task SubmitAsync(PoolFolder folder)
    {
        await using var client = folder.Client("submit", folder.Path("text.json"), "--again");
        Assert.True(await client.EndsAsync(PoolFolder.Patience) == ExitCodes.Ok, string.Join('\n', client.Lines));
        await client.SaysAsync(PoolFolder.Patience, "EVERY PAYOUT CAN BE RECOMPUTED");
    }

    private static async Task<JsonNode> SettledAsync(RunningProgram daemon, string miner) =>
        JsonNode.Parse(await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"epoch_settled\"", miner))!;

    private static string Paid(JsonNode epoch, string miner) => Assert.Single(
        epoch["payouts"]!.AsArray(), payout => payout!["miner"]!.GetValue<string>() == miner)!["amount"]!.GetValue<string>();
}
