using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Tests.Signatures;

public sealed class SnapshotSignatureTests
{
    [Fact]
    public async Task The_signing_text_is_what_the_protocol_says()
    {
        var claim = await ExampleSnapshots.SignedAsync(ExampleSnapshots.Of(SnapshotTypes.Claim));
        var json = JsonNode.Parse(claim.Bytes.Span)!.AsObject();
        json.Remove("sig");
        var unsigned = Encoding.ASCII.GetBytes(json.ToJsonString());
        Assert.Equal(
            $"SwarmPool snapshot v1\ntype: claim\npool: swarmpool.eth\nnetwork: local\nsigner: miner.alice.eth\nsha256: {Convert.ToHexStringLower(SHA256.HashData(unsigned))}",
            Encoding.UTF8.GetString(SnapshotCodec.SigningText(claim)));
    }

    [Theory]
    [InlineData("a_future_field")] // before sig
    [InlineData("zz_future_field")] // after every known field
    public async Task Fields_that_this_build_does_not_know_are_kept_and_covered(string name)
    {
        var signed = await WithFieldAsync(name, "1");
        Assert.True(SnapshotSignature.TryRecover(signed, SignatureEngines.Best, out var address, out _));
        Assert.Equal(Expected(), address);
        Assert.Contains($"\"{name}\":\"1\"", Encoding.UTF8.GetString(signed.Bytes.Span), StringComparison.Ordinal);

        var forged = Change(signed, json => json[name] = "2");
        Assert.True(SnapshotSignature.TryRecover(forged, SignatureEngines.Best, out address, out _));
        Assert.NotEqual(Expected(), address);
    }

    [Theory]
    [InlineData("pool", "otherpool.eth")]
    [InlineData("network", "eip155:1")]
    [InlineData("nonce", "00000000000000000000000000000000")]
    [InlineData("client", "mallory.eth")]
    public async Task A_signature_for_one_purpose_is_worthless_for_another(string field, string value)
    {
        var forged = Change(await ExampleSnapshots.SignedAsync(ExampleSnapshots.Job), json => json[field] = value);
        Assert.True(SnapshotSignature.TryRecover(forged, SignatureEngines.Best, out var address, out _));
        Assert.NotEqual(Expected(), address);
    }

    [Fact]
    public async Task Another_spelling_of_a_signature_is_refused_since_it_would_be_another_cid_of_the_same_job()
    {
        var signed = await ExampleSnapshots.SignedAsync(ExampleSnapshots.Job);
        var sig = signed.Body.Sig!;
        foreach (var other in new[] { "0x" + sig[2..].ToUpperInvariant(), "0X" + sig[2..], sig[2..], sig + "00", sig[..^2], "0x", "", sig[..^2] + "00", sig[..^1] + "g" })
        {
            Assert.False(SnapshotSignature.TryRecover(Change(signed, json => json["sig"] = other), SignatureEngines.Best, out _, out var refusal));
            Assert.Equal(ErrorCodes.BadSignature, refusal.Code);
        }
    }

    [Fact]
    public void What_is_not_signed_says_who_should_have()
    {
        Assert.True(SnapshotCodec.TryDecode(SnapshotCodec.Canonical(ExampleSnapshots.Job), out var snapshot, out _));
        Assert.False(SnapshotSignature.TryRecover(snapshot, SignatureEngines.Best, out _, out var refusal));
        Assert.Equal(ErrorCodes.BadSignature, refusal.Code);
        Assert.Contains("clinic.bob.eth", refusal.Reason, StringComparison.Ordinal);
    }

    private static EthAddress Expected()
    {
        using var signer = ExampleSnapshots.Signer();
        return signer.Address;
    }

    private static SignedSnapshot Change(SignedSnapshot snapshot, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(snapshot.Bytes.Span)!.AsObject();
        change(json);
        return Decode(json);
    }

    // Signs by the protocol's text alone, as another implementation would.
    private static async Task<SignedSnapshot> WithFieldAsync(string name, string value)
    {
        var json = JsonNode.Parse(SnapshotCodec.Canonical(ExampleSnapshots.Job))!.AsObject();
        json[name] = value;
        Assert.True(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json.ToJsonString()), out var unsigned, out _));
        var text = $"SwarmPool snapshot v1\ntype: job\npool: swarmpool.eth\nnetwork: local\nsigner: clinic.bob.eth\nsha256: {Convert.ToHexStringLower(SHA256.HashData(unsigned))}";
        using var signer = ExampleSnapshots.Signer();
        json["sig"] = "0x" + Convert.ToHexStringLower((await signer.SignAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None)).Span);
        return Decode(json);
    }

    private static SignedSnapshot Decode(JsonObject json)
    {
        Assert.True(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json.ToJsonString()), out var bytes, out _));
        Assert.True(SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal), refusal?.ToString());
        return snapshot;
    }
}
