using System.Text;
using Nethereum.Signer;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Protocol.Tests.Signatures;

/// <summary>Nethereum, which people on .NET look for, takes what is signed here, and what it signs is taken here.</summary>
public sealed class NethereumTests
{
    private const int Tries = 40;

    public static TheoryData<string> Engines => ["managed", "native"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Judges_both_engines_both_ways(string which)
    {
        var engine = which == "managed" ? SignatureEngines.Managed : SignatureEngines.Native;
        Assert.True(engine is not null, SignatureEngines.Description);
        var wallet = new EthereumMessageSigner();
        var random = new Random(20);
        var (secret, hash) = (new byte[32], new byte[32]);
        for (var i = 0; i < Tries; i++)
        {
            random.NextBytes(secret);
            if (i % 10 == 0)
            {
                secret.AsSpan(0, 1 + (i / 4)).Clear(); // Keys that begin with zeros are where encodings go wrong.
            }

            var text = $"SwarmPool snapshot v1\ntype: claim {i}, Grüße 🌍";
            using var signer = new PrivateKeySigner(secret, engine);
            var theirs = new EthECKey(secret, isPrivate: true);
            Assert.Equal(EthAddress.Parse(theirs.GetPublicAddress().ToLowerInvariant()), signer.Address);
            Assert.Equal(theirs.GetPublicAddress(), ChecksumAddress.Of(signer.Address));

            var signature = "0x" + Convert.ToHexStringLower((await signer.SignAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None)).Span);
            Assert.Equal(theirs.GetPublicAddress(), wallet.EncodeUTF8AndEcRecover(text, signature));
            var other = wallet.EncodeUTF8AndSign(text, theirs);
            Assert.Equal(other, signature);

            Eip191.Hash(Encoding.UTF8.GetBytes(text), hash);
            Assert.True(engine.TryRecover(hash, Convert.FromHexString(other[2..]), out var recovered));
            Assert.Equal(signer.Address, recovered);
        }
    }

    [Fact]
    public void Takes_forms_that_are_refused_here_so_the_form_is_checked_in_front()
    {
        var vector = WalletVectors.All[0];
        var hash = Convert.FromHexString(vector.Hash);
        var loose = vector.Signature[..128] + (vector.Signature[128..] == "1b" ? "00" : "01");
        Assert.Equal(vector.Address, new MessageSigner().EcRecover(hash, "0x" + loose).ToLowerInvariant());
        Assert.False(SignatureEngines.Managed.TryRecover(hash, Convert.FromHexString(loose), out _));
    }
}
