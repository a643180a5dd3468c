using System.Text.Json;
using SwarmPool.Settlement;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>Contracts as operator and as client, by the real programs on a real chain; and no key where none may be.</summary>
[Trait("Needs", "ethereum")]
public sealed class ContractPoolTests
{
    [Fact]
    public async Task A_whole_job_of_contracts_is_paid_and_no_key_leaves_a_trace()
    {
        await using var pool = await ContractPool.StartAsync();
        var key = pool.KeyOf(ContractPool.Alice);
        await pool.DelegateAsync();
        await using (var daemon = pool.Daemon())
        {
            await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
            await using var alice = pool.Miner(key);
            await alice.SaysAsync(PoolFolder.Patience, "Registered", pool.Wallet.ToString());
            KeyTraces.NotInCommandLine(daemon, pool.Keys);
            KeyTraces.NotInCommandLine(alice, pool.Keys);
            await using var client = pool.Submit();
            Assert.True(await client.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', client.Lines));
            Assert.Contains(client.Lines, line => line.Contains("\"label\":\"7\"", StringComparison.Ordinal));

            // The cap is 0.15, the first job cost 0.10.
            await using var second = pool.Submit();
            Assert.Equal(4, await second.EndsAsync(PoolFolder.Patience));
            Assert.Contains(second.Lines, line => line.Contains("SP3014", StringComparison.Ordinal));
            await EndAsync(alice);
            await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"proof_accepted\"");
            await EndAsync(daemon);
            Assert.All([daemon, alice, client, second], program => KeyTraces.NotPrinted(program, pool.Keys));
        }

        pool.Change("swarmpool.json", json => json["epoch_duration_seconds"] = 1);
        await using (var daemon = pool.Daemon())
        {
            var settled = JsonElement.Parse(await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"epoch_settled\"", "\"epoch-1\""));
            var payout = Assert.Single(settled.GetProperty("payouts").EnumerateArray());
            Assert.Equal((ContractPool.Alice, pool.Wallet.ToString()), (payout.GetProperty("miner").GetString(), payout.GetProperty("address").GetString()));
            Assert.Equal(Usdc.Parse("0.075"), Usdc.Parse(payout.GetProperty("amount").GetString()!));
            await EndAsync(daemon);
            KeyTraces.NotPrinted(daemon, pool.Keys);
        }

        Assert.Equal(6, pool.Keys.Count);
        Assert.True(KeyTraces.NotBelow(pool.Folder.Root, pool.Keys) > 10);
    }

    /// <summary>The search finds a key that is there.</summary>
    [Fact]
    public async Task A_key_that_was_typed_is_seen_in_the_command_line()
    {
        using var folder = await PoolFolder.InitAsync();
        var key = (await File.ReadAllTextAsync(folder.Path("keys", ContractPool.Alice + ".key"))).Trim();
        await using var alice = folder.Start("SwarmPool.Miner", "swarm-miner", "mine", "--config", folder.Path("swarm-miner.json"), "--ens", ContractPool.Alice, "--key", key);
        Assert.ThrowsAny<Exception>(() => KeyTraces.NotInCommandLine(alice, [key]));
        await alice.SaysAsync(PoolFolder.Patience, "SP1204");
        KeyTraces.NotPrinted(alice, [key]);
        await File.WriteAllBytesAsync(folder.Path("state"), [1, .. Convert.FromHexString(key), 2]);
        Assert.ThrowsAny<Exception>(() => KeyTraces.NotBelow(folder.Root, [key]));
    }

    private static async Task EndAsync(RunningProgram program)
    {
        program.Interrupt();
        Assert.True(await program.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', program.Lines));
    }
}
