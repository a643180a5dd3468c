using CsCheck;
using SwarmPool.Transport;

namespace SwarmPool.Abstractions.Tests.Transport;

public sealed class Base58Tests
{
    /// <summary>The vectors of draft-msporny-base58, and what stands at their edges.</summary>
    [Theory]
    [InlineData("48656c6c6f20576f726c6421", "2NEpo7TZRRrLZSi2U")]
    [InlineData("54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f672e", "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z")]
    [InlineData("0000287fb4cd", "11233QC4")]
    [InlineData("", "")]
    [InlineData("00", "1")]
    [InlineData("0000", "11")]
    [InlineData("0039", "1z")]
    public void Is_that_of_the_draft(string hex, string text)
    {
        Assert.Equal(text, Base58.Encode(Convert.FromHexString(hex)));
        Assert.True(Base58.TryDecode(text, out var bytes));
        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("O")]
    [InlineData("I")]
    [InlineData("l")]
    [InlineData("2NEpo7TZRRrLZSi2U ")]
    [InlineData("2NEpo7TZRRrLZSi2é")]
    public void What_is_none_is_refused(string text)
    {
        Assert.False(Base58.TryDecode(text, out var bytes));
        Assert.Empty(bytes);
    }

    [Fact]
    public void A_long_text_is_not_read()
    {
        Assert.True(Base58.TryDecode(new string('z', 128), out _));
        Assert.False(Base58.TryDecode(new string('z', 129), out _));
    }

    [Fact]
    public void Whatever_is_written_reads_back() => Gen.Byte.Array[0, 90].Sample(bytes =>
        Base58.TryDecode(Base58.Encode(bytes), out var read) && read.AsSpan().SequenceEqual(bytes), iter: 2000);

    [Fact]
    public void Some_bytes_have_one_text() => Gen.Char[" 123ABCzyx"].Array[0, 60].Select(chars => new string(chars)).Sample(text =>
        !Base58.TryDecode(text, out var bytes) || Base58.Encode(bytes) == text, iter: 2000);
}
