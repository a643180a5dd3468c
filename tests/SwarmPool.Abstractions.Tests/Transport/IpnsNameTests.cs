using SwarmPool.Transport;

namespace SwarmPool.Abstractions.Tests.Transport;

public sealed class IpnsNameTests
{
    /// <summary>One key in both spellings, as libp2p writes them.</summary>
    [Theory]
    [InlineData("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA", "k51qzi5uqu5dhdmyb9bd18pypu2wp5lpv2xnskfmrqa4lb5knqryrotb05e7or")]
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", "k2k4r8ncs1yoluq95unsd7x2vfhgve0ncjoggwqx9vyh3vl8warrcp15")]
    public void One_key_has_one_text_however_it_is_written(string base58, string base36)
    {
        Assert.True(IpnsName.TryParse(base58, out var one));
        Assert.True(IpnsName.TryParse(one.ToString(), out var again));
        Assert.Equal(one, again);
        Assert.Equal((base36, base58), (one.ToString(), one.ToPeerText()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("k")]
    [InlineData("1")]
    [InlineData("k51")]
    [InlineData("evil.example")]
    [InlineData("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S")]
    [InlineData("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SAA")]
    [InlineData("112D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA")] // Another text of the same number.
    [InlineData("k051qzi5uqu5dhdmyb9bd18pypu2wp5lpv2xnskfmrqa4lb5knqryrotb05e7or")]
    [InlineData("bafkreihv5uh3vb43yjwxreqosob6nurtelxwhhgmhgnrb5sy5j26estqdy")]
    public void What_is_no_keys_name_is_not_taken(string? text) => Assert.False(IpnsName.TryParse(text, out _));

    [Fact]
    public void A_long_text_is_not_read() => Assert.False(IpnsName.TryParse("k" + new string('z', 100_000), out _));
}
