using System.Text.Json;
using CsCheck;
using SwarmPool.Identity;

namespace SwarmPool.Tests.Identity;

public sealed class EthAddressTests
{
    private static readonly Gen<EthAddress> Any = Gen.Byte.Array[20].Select(bytes => new EthAddress(bytes));

    [Fact]
    public void Text_and_bytes_round_trip() => Gen.Byte.Array[20].Sample(bytes =>
    {
        var address = new EthAddress(bytes);
        var copy = new byte[20];
        address.CopyTo(copy);
        Assert.Equal(bytes, copy);
        Assert.Equal("0x" + Convert.ToHexStringLower(bytes), address.ToString());
        Assert.Equal(address, EthAddress.Parse(address.ToString()));
        Assert.Equal(address, EthAddress.Parse("0x" + Convert.ToHexString(bytes)));
        Assert.Equal(address, JsonSerializer.Deserialize<EthAddress>(JsonSerializer.Serialize(address)));
    });

    [Fact]
    public void The_order_is_that_of_the_bytes() => Gen.Select(Any, Any).Sample((a, b) =>
    {
        Assert.Equal(Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString())), Math.Sign(a.CompareTo(b)));
        Assert.Equal(a == b, a.CompareTo(b) == 0);
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed0")]
    [InlineData("1x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1bea d")]
    [InlineData(" 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(EthAddress.TryParse(text, out var address));
        Assert.Equal(default, address);
        if (text is not null)
        {
            Assert.Throws<FormatException>(() => EthAddress.Parse(text));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(21)]
    public void Other_than_20_bytes_are_an_error(int length) => Assert.Throws<ArgumentException>(() => new EthAddress(new byte[length]));
}
