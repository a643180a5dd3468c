using CsCheck;
using SwarmPool.Transport;

namespace SwarmPool.Tests.Transport;

public sealed class CidTests
{
    private const string EmptyBlock = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

    private static readonly Gen<Cid> Any =
        from raw in Gen.Bool
        from digest in Gen.Byte.Array[32]
        select new Cid(raw ? Cid.RawCodec : Cid.DagPbCodec, digest);

    [Fact]
    public void Text_and_bytes_round_trip() => Any.Sample(cid =>
    {
        Assert.Equal(59, cid.ToString().Length);
        Assert.True(Cid.TryParse(cid.ToString(), out var read));
        Assert.Equal(cid, read);
        Assert.Equal(cid.GetHashCode(), read.GetHashCode());
        var bytes = cid.ToBytes();
        Assert.Equal<byte[]>([1, cid.Codec, 0x12, 0x20], bytes[..4]);
        Assert.Equal(cid, new Cid(bytes[1], bytes.AsSpan(4)));
    });

    [Fact]
    public void The_order_is_that_of_the_bytes() => Gen.Select(Any, Any).Sample((a, b) =>
    {
        Assert.Equal(Math.Sign(a.ToBytes().AsSpan().SequenceCompareTo(b.ToBytes())), Math.Sign(a.CompareTo(b)));
        Assert.Equal(a == b, a.CompareTo(b) == 0);
    });

    /// <summary>58 characters carry 290 bits, 288 of them the CID's: the last character has two bits that must be zero.</summary>
    [Fact]
    public void Padding_bits_that_are_not_zero_are_refused() => Any.Sample(cid =>
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        var text = cid.ToString();
        var last = alphabet.IndexOf(text[^1], StringComparison.Ordinal);
        Assert.Equal(0, last % 4);
        for (var padding = 1; padding < 4; padding++)
        {
            Assert.False(Cid.TryParse(text[..^1] + alphabet[last + padding], out _));
        }
    });

    /// <summary>Each is a CID that another program would write, with a digest of zeros, but not the one form that is spoken here.</summary>
    [Theory]
    [InlineData("codec dag-cbor", new byte[] { 1, 0x71, 0x12, 0x20 })]
    [InlineData("codec identity", new byte[] { 1, 0x00, 0x12, 0x20 })]
    [InlineData("version 0", new byte[] { 0, 0x55, 0x12, 0x20 })]
    [InlineData("hash blake2s", new byte[] { 1, 0x55, 0x13, 0x20 })]
    [InlineData("digest of 31", new byte[] { 1, 0x55, 0x12, 0x1f })]
    public void Another_version_codec_or_hash_is_refused(string what, byte[] prefix)
    {
        var right = Base32([1, 0x55, 0x12, 0x20, .. new byte[32]]);
        var wrong = Base32([.. prefix, .. new byte[32]]);
        Assert.True(Cid.TryParse(right, out _));
        Assert.False(Cid.TryParse(wrong, out _), what);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("b")]
    [InlineData("BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU")]
    [InlineData("bAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU")]
    [InlineData("zafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykua")]
    [InlineData(" bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk=")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk1")]
    [InlineData("QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH")]
    public void Another_text_is_refused(string? text)
    {
        Assert.False(Cid.TryParse(text, out var cid));
        Assert.True(cid.IsEmpty);
        if (text is not null)
        {
            Assert.Throws<FormatException>(() => Cid.Parse(text));
        }
    }

    [Fact]
    public void Default_is_no_CID()
    {
        Cid none = default;
        Assert.True(none.IsEmpty);
        Assert.Equal("", none.ToString());
        Assert.Equal("", none.ToShortString());
        Assert.NotEqual(none, new Cid(Cid.RawCodec, new byte[32]));
        Assert.False(Cid.TryParse(none.ToString(), out _));
    }

    [Fact]
    public void A_block_has_the_CID_of_its_hash()
    {
        Assert.Equal(EmptyBlock, Cid.OfBlock([]).ToString());
        Assert.Equal("bafkrei…quvyku", Cid.OfBlock([]).ToShortString());
    }

    [Theory]
    [InlineData(0x71, 32)]
    [InlineData(0x55, 31)]
    [InlineData(0x55, 33)]
    public void A_wrong_codec_or_digest_is_an_error(byte codec, int length) => Assert.Throws<ArgumentException>(() => new Cid(codec, new byte[length]));

    private static string Base32(byte[] bytes)
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        var bits = string.Concat(bytes.Select(b => Convert.ToString(b, 2).PadLeft(8, '0')));
        bits = bits.PadRight((bits.Length + 4) / 5 * 5, '0');
        return "b" + string.Concat(bits.Chunk(5).Select(five => alphabet[Convert.ToInt32(new string(five), 2)]));
    }
}
