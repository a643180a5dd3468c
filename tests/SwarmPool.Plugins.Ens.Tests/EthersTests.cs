using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SwarmPool.EnsChain;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Tests.Support;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Plugins.Ens.Tests;

/// <summary>Held to ethers 6.15.0, which knows nothing of us.</summary>
public sealed class EthersTests(ChainFixture fixture)
{
    private const int Many = 1000;
    private static readonly EnsName Client = EnsName.Parse("clinic.bob.eth");

    [Fact]
    public async Task A_thousand_snapshots_signed_here_verify_there()
    {
        var cases = new List<Dictionary<string, string>>();
        var expected = new List<string>();
        for (var i = 0; i < Many; i++)
        {
            using var signer = Said.SignerOf(RandomNumberGenerator.GetBytes(32));
            var signed = await SnapshotCodec.SignAsync(i % 2 == 0 ? Said.Job(Client) : Said.Cancel(Client), signer, TestContext.Current.CancellationToken);
            cases.Add(new() { ["text"] = Encoding.UTF8.GetString(SnapshotCodec.SigningText(signed.Body)), ["sig"] = signed.Body.Sig! });
            expected.Add(signer.Address.ToString());
        }

        var said = await NodeScript.RunAsync("peer.mjs", JsonSerializer.Serialize(cases), "verify");
        Assert.Equal(expected, JsonSerializer.Deserialize<string[]>(said));
    }

    [Fact]
    public async Task A_thousand_snapshots_signed_there_verify_here()
    {
        var bodies = Enumerable.Range(0, Many).Select(static i => i % 2 == 0 ? (Snapshot)Said.Job(Client) : Said.Cancel(Client)).ToArray();
        var texts = bodies.Select(static body => Encoding.UTF8.GetString(SnapshotCodec.SigningText(body)));
        var said = await NodeScript.RunAsync("peer.mjs", JsonSerializer.Serialize(texts), "sign", "0x" + Convert.ToHexStringLower(ChainFixture.Keys[1]));
        var signatures = JsonSerializer.Deserialize<string[]>(said)!;
        Assert.Equal(Many, signatures.Length);
        foreach (var (body, signature) in bodies.Zip(signatures))
        {
            Assert.True(SnapshotCodec.TryDecode(SnapshotCodec.Canonical(body with { Sig = signature }), out var snapshot, out _));
            Assert.True(SnapshotSignature.TryRecover(snapshot, SignatureEngines.Best, out var account, out _));
            Assert.Equal(fixture.Alice, account);
            Assert.Equal(signature, (await Said.SignAsync(body, ChainFixture.Keys[1])).Body.Sig);
        }
    }

    /// <summary>The text that a wallet shows of a delegation is rebuilt there from the bytes alone, as docs/protocol.md says.</summary>
    [Fact]
    public async Task What_a_delegation_grants_is_shown_there_in_the_same_lines()
    {
        var bodies = Enumerable.Range(0, Many).Select(static i => i % 4 == 3 ? (Snapshot)Said.Revocation(Client) : Said.Delegation(Client, i % 4)).ToArray();
        var drafts = bodies.Select(static body => Encoding.UTF8.GetString(SnapshotCodec.Canonical(body)));
        var said = await NodeScript.RunAsync("peer.mjs", JsonSerializer.Serialize(drafts), "grant", "0x" + Convert.ToHexStringLower(ChainFixture.Keys[1]));
        var signed = JsonElement.Parse(said).EnumerateArray().Select(static one => (Text: one.GetProperty("text").GetString(), Sig: one.GetProperty("sig").GetString())).ToArray();
        Assert.Equal(Many, signed.Length);
        foreach (var (body, (text, sig)) in bodies.Zip(signed))
        {
            Assert.Equal(Encoding.UTF8.GetString(SnapshotCodec.SigningText(body)), text);
            Assert.True(SnapshotCodec.TryDecode(SnapshotCodec.Canonical(body with { Sig = sig }), out var snapshot, out _));
            Assert.True(SnapshotSignature.TryRecover(snapshot, SignatureEngines.Best, out var account, out _));
            Assert.Equal(fixture.Alice, account);
        }
    }

    [Fact]
    public async Task Names_resolve_there_as_they_do_here()
    {
        await fixture.Chain.RegisterAsync("peer.eth", fixture.Alice, ("swarmpool.payout", fixture.Bob.ToString()));
        await fixture.Chain.RegisterAsync("deep.under.peer.eth", fixture.Bob);
        await fixture.Chain.RegisterAsync("peerless.eth", default(EthAddress));
        string[] names = ["peer.eth", "deep.under.peer.eth", "under.peer.eth", "peerless.eth", "m1.many.eth", "a.b.c.many.eth", "nobody7.many.eth", "many.eth", "not.there.eth", "_a.$-1.many.eth"];
        var said = await NodeScript.RunAsync(
            "peer.mjs", JsonSerializer.Serialize(names), "resolve", fixture.Chain.Node.Url.ToString(), fixture.Chain.Registry.ToString(), "31337");
        var theirs = JsonElement.Parse(said).EnumerateArray().Select(static found => (found.GetProperty("address").GetString(), found.GetProperty("payout").GetString())).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            foreach (var lookup in Enum.GetValues<EnsLookup>())
            {
                var ours = await fixture.AskAsync(EnsName.Parse(names[i]), options => options.Lookup = lookup);
                var (address, payout) = theirs[i];
                Assert.True(ours.Status == (address is null ? IdentityStatus.Unknown : IdentityStatus.Known), $"{names[i]}: {ours}, there {theirs[i]}");
                Assert.Equal(address, ours.Accounts.Count == 0 ? null : ours.Accounts[0].ToString());
                Assert.Equal(payout ?? address, ours.Payout?.ToString());
            }
        }
    }
}
