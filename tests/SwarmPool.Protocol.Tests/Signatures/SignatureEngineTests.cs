using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Protocol.Tests.Signatures;

public sealed class SignatureEngineTests
{
    private const string Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    public static TheoryData<string> Engines => ["managed", "native"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Signs_as_wallets_do(string which)
    {
        var engine = Engine(which);
        foreach (var vector in WalletVectors.All)
        {
            using var signer = new PrivateKeySigner(Convert.FromHexString(vector.Key), engine);
            var text = Encoding.UTF8.GetBytes(vector.Text);
            var hash = new byte[32];
            Eip191.Hash(text, hash);

            Assert.Equal(vector.Hash, Convert.ToHexStringLower(hash));
            Assert.Equal(vector.Address, signer.Address.ToString());
            Assert.Equal(vector.Signature, Convert.ToHexStringLower((await signer.SignAsync(text, CancellationToken.None)).Span));
            Assert.True(engine.TryRecover(hash, Convert.FromHexString(vector.Signature), out var recovered));
            Assert.Equal(signer.Address, recovered);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Signs_hashes_around_the_order_as_the_engine_before_did(string which)
    {
        var engine = Engine(which);
        var signature = new byte[65];
        foreach (var vector in EdgeVectors.All)
        {
            var (key, hash) = (Convert.FromHexString(vector.Key), Convert.FromHexString(vector.Hash));
            engine.Sign(key, hash, signature);
            Assert.Equal(vector.Signature, Convert.ToHexStringLower(signature));
            Assert.True(engine.TryRecover(hash, signature, out var recovered));
            Assert.Equal(engine.AddressOf(key), recovered);
        }
    }

    [Fact]
    public void Both_engines_give_the_same_bytes_and_agree_on_damaged_ones()
    {
        var native = Engine("native");
        var managed = SignatureEngines.Managed;
        var random = new Random(7);
        Span<byte> key = stackalloc byte[32];
        Span<byte> hash = stackalloc byte[32];
        Span<byte> first = stackalloc byte[65];
        Span<byte> second = stackalloc byte[65];
        var recovered = 0;
        for (var i = 0; i < 300; i++)
        {
            random.NextBytes(key);
            random.NextBytes(hash);
            managed.Sign(key, hash, first);
            native.Sign(key, hash, second);
            Assert.Equal(Convert.ToHexString(first), Convert.ToHexString(second));
            Assert.Equal(managed.AddressOf(key), native.AddressOf(key));
            Assert.True(managed.TryRecover(hash, first, out var signer));
            Assert.Equal(managed.AddressOf(key), signer);

            first[random.Next(65)] ^= (byte)(1 << random.Next(8));
            var one = managed.TryRecover(hash, first, out var a);
            var other = native.TryRecover(hash, first, out var b);
            Assert.Equal(one, other);
            Assert.Equal(a, b);
            Assert.NotEqual(signer, a);
            recovered += one ? 1 : 0;
        }

        Assert.InRange(recovered, 30, 270);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Refuses_every_other_form_of_a_signature(string which)
    {
        var engine = Engine(which);
        var vector = WalletVectors.All[0];
        var hash = Convert.FromHexString(vector.Hash);
        var (r, s, v) = (vector.Signature[..64], vector.Signature[64..128], vector.Signature[128..]);
        var flipped = v == "1b" ? "1c" : "1b";
        Assert.True(Recovers(r + s + v));
        Assert.True(Recovers(r + s + flipped)); // to another account
        Assert.False(Recovers(r + HighS(s) + flipped));
        Assert.False(Recovers(r + s + "00"));
        Assert.False(Recovers(r + s + "01"));
        Assert.False(Recovers(r + s + "1d"));
        Assert.False(Recovers(new string('0', 64) + s + v));
        Assert.False(Recovers(r + new string('0', 64) + v));
        Assert.False(Recovers(Order + s + v));
        Assert.False(Recovers(r + Order + v));
        Assert.False(Recovers(new string('f', 64) + s + v));
        Assert.False(Recovers(r + s));
        Assert.False(Recovers(r + s + v + "00"));
        Assert.False(Recovers(""));
        Assert.False(engine.TryRecover(hash.AsSpan(1), Convert.FromHexString(vector.Signature), out _));

        bool Recovers(string signature) => engine.TryRecover(hash, Convert.FromHexString(signature), out _);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Refuses_keys_that_are_none(string which)
    {
        var engine = Engine(which);
        foreach (var key in new[] { "", "00", new string('0', 64), Order, new string('f', 64), new string('1', 66) })
        {
            Assert.Throws<ArgumentException>(() => engine.AddressOf(Convert.FromHexString(key)));
            Assert.Throws<ArgumentException>(() => engine.Sign(Convert.FromHexString(key), new byte[32], new byte[65]));
        }
    }

    [Fact]
    public void The_self_test_catches_an_engine_that_lies()
    {
        Assert.Null(EngineSelfTest.Fault(SignatureEngines.Managed));
        Assert.NotNull(SignatureEngines.Native);
        Assert.Null(EngineSelfTest.Fault(SignatureEngines.Native));
        Assert.NotNull(EngineSelfTest.Fault(new LyingEngine()));
    }

    [Fact]
    public void Says_which_engine_is_used()
    {
        Assert.Contains(SignatureEngines.Best.Name, SignatureEngines.Description, StringComparison.Ordinal);
        Assert.Same(SignatureEngines.Native ?? SignatureEngines.Managed, SignatureEngines.Best);
    }

    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    public void Keccak_is_Ethereums(string text, string expected)
    {
        var hash = new byte[32];
        Keccak256.Hash(Encoding.ASCII.GetBytes(text), hash);
        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    [Fact]
    public async Task A_disposed_signer_signs_nothing_and_no_signer_shows_its_key()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var signer = new PrivateKeySigner(key, SignatureEngines.Managed);
        Assert.DoesNotContain(Convert.ToHexStringLower(key), signer.ToString(), StringComparison.OrdinalIgnoreCase);
        signer.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await signer.SignAsync(new byte[1], CancellationToken.None));
    }

    private static ISignatureEngine Engine(string which)
    {
        if (which == "managed")
        {
            return SignatureEngines.Managed;
        }

        Assert.True(SignatureEngines.Native is not null, SignatureEngines.Description); // The package has it for every system that tests run on.
        return SignatureEngines.Native;
    }

    private static string HighS(string s)
    {
        var order = System.Numerics.BigInteger.Parse("0" + Order, System.Globalization.NumberStyles.HexNumber);
        var low = System.Numerics.BigInteger.Parse("0" + s, System.Globalization.NumberStyles.HexNumber);
        return Convert.ToHexStringLower((order - low).ToByteArray(isUnsigned: true, isBigEndian: true)).PadLeft(64, '0');
    }

    private sealed class LyingEngine : ISignatureEngine
    {
        public string Name => "liar";

        public EthAddress AddressOf(ReadOnlySpan<byte> key32) => SignatureEngines.Managed.AddressOf(key32);

        public void Sign(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> hash32, Span<byte> sig65) => SignatureEngines.Managed.Sign(key32, hash32, sig65);

        public bool TryRecover(ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> sig65, out EthAddress address)
        {
            address = EthAddress.Parse("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");
            return true;
        }
    }
}
