using System.Text.Json;
using SwarmPool.Settlement;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A whole job over names of a real chain and real IPFS nodes: all that miner and client know of the pool is its name.</summary>
[Trait("Needs", "ethereum")]
[Trait("Needs", "ipfs")]
public sealed class NamedPoolTests
{
    [Fact]
    public async Task Who_knows_only_the_name_gets_an_answer_and_the_miner_is_paid_where_its_name_says()
    {
        await using var pool = await NamedPool.StartAsync(epochSeconds: 3600);

        // The daemon tells its operator what the name should say, and that it does not.
        string cid;
        await using (var daemon = pool.Daemon("run", "--json"))
        {
            await daemon.SaysAsync(NamedPool.Patience, "\"event\":\"started\"");
            var placed = Read(await daemon.SaysAsync(NamedPool.Patience, "\"event\":\"placed\""));
            Assert.Contains("has no record of where", placed.GetProperty("differences")[0].GetString()!, StringComparison.Ordinal);
            Assert.Equal(pool["pool"].Address, placed.GetProperty("transport").GetString());
            await NameSaysAsync(pool, 4, "SP2213");

            // Its operator sets the records, and now a name is enough.
            await pool.PlaceAsync(placed.GetProperty("state").GetString(), placed.GetProperty("transport").GetString());
            await NameSaysAsync(pool, 0, "The name leads here");
            await using var alice = pool.Miner();
            await alice.SaysAsync(NamedPool.Patience, "Registered", pool.Wallet.ToString());
            await using var client = pool.Submit();
            Assert.True(await client.EndsAsync(NamedPool.Patience) == 0, string.Join('\n', client.Lines));
            Assert.Contains(client.Lines, line => line.Contains("\"label\":\"7\"", StringComparison.Ordinal));
            await using var status = pool.Client("status");
            Assert.True(await status.EndsAsync(NamedPool.Patience) == 0, string.Join('\n', status.Lines));
            Assert.Contains(status.Lines, line => line.Contains("1, 1 of them heard of lately", StringComparison.Ordinal));
            alice.Interrupt();
            Assert.True(await alice.EndsAsync(NamedPool.Patience) == 0, string.Join('\n', alice.Lines));
            await daemon.SaysAsync(NamedPool.Patience, "\"event\":\"proof_accepted\"");
            daemon.Interrupt();
            Assert.True(await daemon.EndsAsync(NamedPool.Patience) == 0, string.Join('\n', daemon.Lines));
        }

        // The payout goes where the miner's name says, and everybody can recompute it.
        pool.SetEpochSeconds(1);
        await using (var daemon = pool.Daemon("run", "--json"))
        {
            var settled = Read(await daemon.SaysAsync(NamedPool.Patience, "\"event\":\"epoch_settled\"", "\"epoch-1\""));
            var payout = Assert.Single(settled.GetProperty("payouts").EnumerateArray());
            Assert.Equal((NamedPool.Alice, pool.Wallet.ToString()), (payout.GetProperty("miner").GetString(), payout.GetProperty("address").GetString()));
            Assert.Equal(Usdc.Parse("0.075"), Usdc.Parse(payout.GetProperty("amount").GetString()!));
            cid = settled.GetProperty("cid").GetString()!;
            daemon.Interrupt();
            Assert.True(await daemon.EndsAsync(NamedPool.Patience) == 0, string.Join('\n', daemon.Lines));
        }

        await using var audit = pool.Daemon("epoch", "audit", cid);
        Assert.True(await audit.EndsAsync(NamedPool.Patience) == 0, string.Join('\n', audit.Lines));
        await audit.SaysAsync(NamedPool.Patience, "since the pool's first again as it was decided");
    }

    [Fact]
    public async Task A_pool_whose_daemon_sleeps_is_read_by_its_name_and_a_wrong_record_is_named()
    {
        await using var pool = await NamedPool.StartAsync(epochSeconds: 3600);
        string state;
        await using (var daemon = pool.Daemon("run", "--json"))
        {
            state = Read(await daemon.SaysAsync(NamedPool.Patience, "\"event\":\"state_published\"")).GetProperty("cid").GetString()!;
            daemon.Interrupt();
            Assert.True(await daemon.EndsAsync(NamedPool.Patience) == 0, string.Join('\n', daemon.Lines));
        }

        // No daemon answers for the pointer: the state that the name leads to is fetched from the pool's node.
        await pool.PlaceAsync($"ipfs://{state}", pool["pool"].Address);
        await StatusSaysAsync(pool, 0, "Published:");

        // Records that lead nowhere, or to what the pool has not signed, are named; nothing hangs on them.
        await pool.PlaceAsync(await PutAsync(pool, """{"type":"state","pool":"swarmpool.eth"}"""), $"{pool["pool"].Address},nonsense");
        await StatusSaysAsync(pool, 6, "SP2211", "'nonsense' is not a node's address", "SP2212", "no state that swarmpool.eth signed");
    }

    private static JsonElement Read(string line) => JsonElement.Parse(line);

    private static async Task NameSaysAsync(NamedPool pool, int exit, string words)
    {
        await using var name = pool.Daemon("name");
        Assert.True(await name.EndsAsync(NamedPool.Patience) == exit, string.Join('\n', name.Lines));
        Assert.Contains(name.Lines, line => line.Contains(words, StringComparison.Ordinal));
    }

    private static async Task StatusSaysAsync(NamedPool pool, int exit, params string[] words)
    {
        await using var status = pool.Client("status");
        var code = await status.EndsAsync(NamedPool.Patience);
        var said = string.Join(' ', status.Lines.Select(line => line.Replace("stderr:", "", StringComparison.Ordinal).Trim()));
        Assert.True(code == exit && words.All(word => said.Contains(word, StringComparison.Ordinal)), $"{code}: {said}");
    }

    private static async Task<string> PutAsync(NamedPool pool, string content)
    {
        using var http = new HttpClient();
        using var body = new MultipartFormDataContent { { new StringContent(content), "file", "file" } };
        using var answer = await http.PostAsync(new Uri($"{pool["pool"].Api}/api/v0/block/put?cid-codec=raw&format=raw&version=1"), body);
        return Read(await answer.Content.ReadAsStringAsync()).GetProperty("Key").GetString()!;
    }
}
