using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.Identity;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Hostile.Tests.Ingress;

/// <summary>Makes out of honest messages those that no honest program sends.</summary>
internal sealed class Forger(HostilePool pool)
{
    private static readonly BigInteger Order = BigInteger.Parse("0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static string OrderText => Hex(Order);

    public HostilePool Pool => pool;

    public TestNetwork Town => pool.Town;

    public Messages Messages => pool.Town.Messages;

    public static async Task<byte[]> SignAsync(Snapshot body, EnsName? by = null) => (await TestNetwork.SignAsync(body, by)).Bytes.ToArray();

    /// <summary>An honest job's text, changed; what was signed is no longer what is sent.</summary>
    public async Task<byte[]> JobTextAsync(Func<string, string> change)
    {
        var honest = Encoding.UTF8.GetString(await SignAsync(Messages.Job()));
        var changed = change(honest);
        Assert.NotEqual(honest, changed);
        return Encoding.UTF8.GetBytes(changed);
    }

    /// <summary>An honest job with a member more or another value, in canonical form.</summary>
    public async Task<byte[]> JobWithAsync(string member, JsonNode? value)
    {
        var json = JsonNode.Parse(await SignAsync(Messages.Job()))!.AsObject();
        json[member] = value;
        var text = Encoding.UTF8.GetBytes(json.ToJsonString());
        return CanonicalJson.TryCanonicalize(text, out var canonical, out _) ? canonical : text;
    }

    /// <summary>An honest job with a member more, and signed with it.</summary>
    public async Task<byte[]> SignedJobWithAsync(string member, JsonNode value)
    {
        Assert.True(SnapshotCodec.TryDecode(await JobWithAsync(member, value), out var unsigned, out var refusal), refusal?.ToString());
        var signature = await TestKeys.Of(unsigned.Body.Signer).SignAsync(SnapshotCodec.SigningText(unsigned), CancellationToken.None);
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(unsigned.Bytes.Span).Replace(
            unsigned.Body.Sig!, "0x" + Convert.ToHexStringLower(signature.Span), StringComparison.Ordinal));
    }

    /// <summary>An honest job whose signature is made into another text; r, s and v are given in hex.</summary>
    public Task<byte[]> JobSignedAsync(Func<string, string, string, string> signature) => JobTextAsync(text =>
    {
        var start = text.IndexOf("\"sig\":\"0x", StringComparison.Ordinal) + 9;
        var (r, s, v) = (text[start..(start + 64)], text[(start + 64)..(start + 128)], text[(start + 128)..(start + 130)]);
        return string.Concat(text.AsSpan(0, start), signature(r, s, v), text.AsSpan(start + 130));
    });

    public static string HighS(string s) => Hex(Order - BigInteger.Parse("0" + s, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    public static string Other(string v) => v == "1b" ? "1c" : "1b";

    public static byte[] PointerTo(Cid cid) => SnapshotPointer.Encode(cid);

    /// <summary>A proof of honest work on a live claim, but for its output.</summary>
    public async Task<byte[]> ProofAsync(Cid output)
    {
        var claim = await Town.ClaimAsync(await Town.SubmitAsync(), pool.Alice);
        return await SignAsync(Messages.Proof(claim.JobCid, claim.Miner, claim.Fence, output));
    }

    /// <summary>The claim that won a job, after it was released and the job put back.</summary>
    public async Task<byte[]> ReplayedClaimAsync()
    {
        var job = await Town.SubmitAsync();
        var claim = await SignAsync(Messages.Claim(job, pool.Alice));
        await ReleasedAsync(job, claim);
        return claim;
    }

    /// <summary>A proof under a lease that was released since.</summary>
    public async Task<byte[]> ReplayedProofAsync()
    {
        var job = await Town.SubmitAsync();
        var lost = await ReleasedAsync(job, await SignAsync(Messages.Claim(job, pool.Alice)));
        return await SignAsync(Messages.Proof(job, lost.Miner, lost.Fence, await Town.PutAsync("the output")));
    }

    /// <summary>A registration that a newer one has replaced.</summary>
    public async Task<byte[]> ReplayedRegistrationAsync()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var old = await SignAsync(Messages.Registration(Messages.Miner(2), timestamp: now + 1));
        await Town.SendAsync(Topics.Miners, old);
        await Town.SendAsync(Topics.Miners, await SignAsync(Messages.Registration(Messages.Miner(2), timestamp: now + 2, models: ["newer"])));
        await Town.MessageRecorder.ItemAsync<MinerJoinedItem>(i => i.Models.Contains("newer"));
        return old;
    }

    private async Task<ClaimAcceptedItem> ReleasedAsync(Cid job, byte[] claim)
    {
        await Town.SendAsync(Topics.Claims, claim);
        var won = await Town.MessageRecorder.ItemAsync<ClaimAcceptedItem>(i => i.JobCid == job);
        await Town.SendAsync(Messages.Release(job, won.Miner, won.Fence));
        await Town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job && i.Attempt == 2);
        return won;
    }

    private static string Hex(BigInteger value) => Convert.ToHexStringLower(value.ToByteArray(isUnsigned: true, isBigEndian: true)).PadLeft(64, '0');
}
