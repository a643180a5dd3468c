using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.Identity;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A job of each refusal, sent as bytes to a daemon in a process of its own.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task EveryBadJobIsRefusedByNameAndAGoodOneWaitsForAModel()
    {
        using var folder = await PoolFolder.InitAsync(("max_job_amount", "50"));
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using var peer = await RawPeer.ConnectAsync(folder);

        // Whoever signed validly is told why.
        Assert.Equal("SP2101", await CodeAsync(peer, peer.Job() with { Pool = EnsName.Parse("other.eth") }));
        Assert.Equal("SP2102", await CodeAsync(peer, peer.Job() with { Network = "eip155:1" }));
        Assert.Equal("SP3001", await CodeAsync(peer, peer.Job() with { Payment = new JobPayment(Usdc.Parse("50.000001")) }));
        Assert.Equal("SP3002", await CodeAsync(peer, peer.Job() with { Deadline = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 1 }));
        Assert.Equal("SP3003", await CodeAsync(peer, peer.Job() with { Deadline = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + (8 * 24 * 3600) }));

        // What nobody validly signed, or is not a snapshot at all, is dropped and counted under its code.
        await peer.SendAsync(await WithAsync(peer, sig: new string('1', 130)));
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"dropped\"", "SP220");
        await peer.SendAsync(peer.Job() with { Client = EnsName.Parse("nobody.eth") });
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"dropped\"", "SP2203");
        foreach (var amount in new[] { "NaN", "-1", "1.0000001" })
        {
            await peer.SendAsync(await WithAsync(peer, amount: amount));
            await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"dropped\"", "SP3010", amount);
        }

        // A model that nobody has: taken, waiting, and it says so.
        var waiting = await peer.SendAsync(peer.Job() with { Model = "nobody-has-this" });
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"job_new\"", waiting.Cid.ToString(), "\"miners\":0");
        Assert.Equal(0, (await peer.AcceptedAsync(waiting.Cid)).Miners);
    }

    private static async Task<string> CodeAsync(RawPeer peer, JobSnapshot job) => (await peer.RejectedAsync((await peer.SendAsync(job)).Cid)).Code;

    /// <summary>A signed job in which one text was changed afterwards, in canonical form all the same.</summary>
    private static async Task<byte[]> WithAsync(RawPeer peer, string? sig = null, string? amount = null)
    {
        var signed = await SnapshotCodec.SignAsync(peer.Job(), peer.Signer, CancellationToken.None);
        var json = JsonNode.Parse(signed.Bytes.Span)!.AsObject();
        if (sig is not null)
        {
            json["sig"] = "0x" + sig;
        }

        if (amount is not null)
        {
            json["payment"]!["amount"] = amount;
        }

        Assert.True(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json.ToJsonString()), out var canonical, out var refusal), refusal?.ToString());
        return canonical;
    }
}
