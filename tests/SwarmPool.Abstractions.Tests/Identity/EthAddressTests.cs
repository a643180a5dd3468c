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

    /// <summary>The examples of EIP-55.</summary>
    public static TheoryData<string> Spelled =>
    [
        "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D", "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ];

    [Theory]
    [MemberData(nameof(Spelled))]
    public void What_a_person_wrote_is_taken_in_one_case_or_with_its_checksum(string text)
    {
        Assert.Equal(text, EthAddress.Parse(text).ToChecksumString());
        foreach (var written in (string[])[text, text.ToLowerInvariant(), "0x" + text[2..].ToUpperInvariant()])
        {
            Assert.True(EthAddress.TryParseTyped(written, out var address, out var problem), problem);
            Assert.Equal(EthAddress.Parse(text), address);
        }
    }

    [Theory]
    [MemberData(nameof(Spelled))]
    public void A_wrong_checksum_is_refused_with_the_right_spelling(string text)
    {
        for (var i = 2; i < text.Length; i++)
        {
            var letter = char.IsAsciiLetterLower(text[i]) ? char.ToUpperInvariant(text[i]) : char.ToLowerInvariant(text[i]);
            var slip = text[..i] + letter + text[(i + 1)..];
            if (slip == text || !slip[2..].Any(char.IsAsciiLetterUpper) || !slip[2..].Any(char.IsAsciiLetterLower))
            {
                continue;
            }

            Assert.False(EthAddress.TryParseTyped(slip, out var address, out var problem), slip);
            Assert.Equal(default, address);
            Assert.Contains("wrong checksum", problem, StringComparison.Ordinal);
            Assert.EndsWith(text, problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x0000000000000000000000000000000000000000")]
    public void What_is_no_ones_address_is_no_address(string? text)
    {
        Assert.False(EthAddress.TryParseTyped(text, out _, out var problem));
        Assert.Contains("is not an address", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(21)]
    public void Other_than_20_bytes_are_an_error(int length) => Assert.Throws<ArgumentException>(() => new EthAddress(new byte[length]));
}
