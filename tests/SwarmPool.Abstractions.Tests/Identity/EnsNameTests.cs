using System.Text.Json;
using CsCheck;
using SwarmPool.Identity;

namespace SwarmPool.Tests.Identity;

public sealed class EnsNameTests
{
    private const string Label63 = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk";

    [Theory]
    [InlineData("alice.eth")]
    [InlineData("miner.alice.eth")]
    [InlineData("a.b")]
    [InlineData("_dnslink.alice.eth")]
    [InlineData("__x.eth")]
    [InlineData("$money.eth")]
    [InlineData("0-9.eth")]
    [InlineData("-a-.eth")]
    [InlineData("a--b.eth")]
    [InlineData("abc--d.eth")]
    [InlineData("---.eth")]
    [InlineData(Label63 + ".eth")]
    public void A_name_of_the_strict_subset_is_read(string text)
    {
        Assert.True(EnsName.TryParse(text, out var name, out var reason), reason);
        Assert.Equal(text, name.Text);
        Assert.Equal(name, EnsName.Parse(text));
        Assert.Equal(name, JsonSerializer.Deserialize<EnsName>(JsonSerializer.Serialize(name)));
    }

    [Theory]
    [InlineData(null, "a name is missing")]
    [InlineData("", "a name is missing")]
    [InlineData("eth", "at least two labels")]
    [InlineData(".eth", "1 to 63 characters")]
    [InlineData("alice.", "1 to 63 characters")]
    [InlineData("alice..eth", "1 to 63 characters")]
    [InlineData(".", "1 to 63 characters")]
    [InlineData(Label63 + "l.eth", "1 to 63 characters")]
    [InlineData("Alice.eth", "labels take a-z")]
    [InlineData("alice.ETH", "labels take a-z")]
    [InlineData("al_ice.eth", "_ only at their beginning")]
    [InlineData("alice_.eth", "_ only at their beginning")]
    [InlineData("_.eth", "_ only at their beginning")]
    [InlineData("ab--c.eth", "positions 3 and 4")]
    [InlineData("xn--80ak6aa92e.eth", "positions 3 and 4")]
    [InlineData("alice eth.eth", "labels take a-z")]
    [InlineData(" alice.eth", "labels take a-z")]
    [InlineData("alice.eth\n", "labels take a-z")]
    [InlineData("ali\u200dce.eth", "labels take a-z")]
    [InlineData("аlice.eth", "labels take a-z")]
    [InlineData("alice。eth", "labels take a-z")]
    [InlineData("ａlice.eth", "labels take a-z")]
    [InlineData("١.eth", "labels take a-z")]
    public void Anything_else_is_refused_with_the_reason(string? text, string why)
    {
        Assert.False(EnsName.TryParse(text, out var name, out var reason));
        Assert.Contains(why, reason, StringComparison.Ordinal);
        Assert.Equal("", name.Text);
        if (text is not null)
        {
            Assert.Equal(reason, Assert.Throws<FormatException>(() => EnsName.Parse(text)).Message);
        }
    }

    [Fact]
    public void A_name_has_at_most_255_characters()
    {
        var longest = string.Concat(Enumerable.Repeat("a.", 127)) + "b";
        Assert.True(EnsName.TryParse(longest, out _, out _));
        Assert.False(EnsName.TryParse("a." + longest, out _, out var reason));
        Assert.Contains("255", reason, StringComparison.Ordinal);
    }

    /// <summary>Reasons go to terminals and logs: what a stranger sent must not act there, nor fill them.</summary>
    [Fact]
    public void A_reason_shows_no_control_characters_and_no_more_than_the_head_of_the_name() => Gen.String.Sample(text =>
    {
        if (!EnsName.TryParse(text, out _, out var reason))
        {
            Assert.True(reason.Length < 200, reason);
            Assert.All(reason, c => Assert.InRange(c, ' ', '~'));
        }
    });

    [Fact]
    public void The_rule_is_that_of_the_contract_on_any_text() => Gen.String[Gen.Char["ab9$-_.A é"], 0, 12].Sample(text =>
    {
        var labels = text.Split('.');
        var right = labels.Length >= 2 && labels.All(l =>
            System.Text.RegularExpressions.Regex.IsMatch(l, @"\A_*[a-z0-9$-]+\z") && !(l.Length >= 4 && l[2..4] == "--"));
        Assert.Equal(right, EnsName.TryParse(text, out _, out _));
    }, iter: 5_000);

    [Fact]
    public void The_order_is_ordinal()
    {
        EnsName[] names = [EnsName.Parse("b.eth"), EnsName.Parse("_a.eth"), EnsName.Parse("a.eth"), EnsName.Parse("a-b.eth")];
        Array.Sort(names);
        Assert.Equal(["_a.eth", "a-b.eth", "a.eth", "b.eth"], names.Select(n => n.Text));
    }

    [Fact]
    public void Default_is_no_name()
    {
        Assert.Equal("", default(EnsName).Text);
        Assert.Equal("", default(EnsName).ToString());
        Assert.NotEqual(default, EnsName.Parse("a.eth"));
    }
}
