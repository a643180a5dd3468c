using System.Globalization;
using System.Text.Json;
using CsCheck;
using SwarmPool.Settlement;

namespace SwarmPool.Tests.Settlement;

public sealed class UsdcTests(ITestOutputHelper output)
{
    private static readonly Gen<Usdc> Any = Gen.OneOf(Gen.Long[0, 2_000_000], Gen.Long[0, Usdc.MaxMicro]).Select(Usdc.FromMicro);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.0", 0)]
    [InlineData("0.000001", 1)]
    [InlineData("0.1", 100_000)]
    [InlineData("0.10", 100_000)]
    [InlineData("1", 1_000_000)]
    [InlineData("1.000000", 1_000_000)]
    [InlineData("12.345678", 12_345_678)]
    [InlineData("999999999.999999", 999_999_999_999_999)]
    [InlineData("1000000000", 1_000_000_000_000_000)]
    public void An_amount_is_read(string text, long micro) => Assert.Equal(micro, Usdc.Parse(text).Micro);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("NaN")]
    [InlineData("inf")]
    [InlineData("Infinity")]
    [InlineData("∞")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("1E3")]
    [InlineData("1e-3")]
    [InlineData("0x10")]
    [InlineData("1,5")]
    [InlineData("1_000")]
    [InlineData("1'000")]
    [InlineData("1.0000001")]
    [InlineData("0.0000000")]
    [InlineData("01")]
    [InlineData("00")]
    [InlineData("00.1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("1.-5")]
    [InlineData("1.+5")]
    [InlineData("1. 5")]
    [InlineData("$1")]
    [InlineData("1 USDC")]
    [InlineData("١")]
    [InlineData("1.٥")]
    [InlineData("１")]
    [InlineData("²")]
    [InlineData("1\0")]
    [InlineData("1000000000.000001")]
    [InlineData("1000000001")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551617")]
    [InlineData("99999999999999999999999999")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(Usdc.TryParse(text, out var value));
        Assert.Equal(Usdc.Zero, value);
        if (text is not null)
        {
            Assert.Throws<FormatException>(() => Usdc.Parse(text));
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Usdc>(JsonSerializer.Serialize(text)));
        }
    }

    /// <summary>A JSON number has been through somebody's double.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("0.1")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{}")]
    public void On_the_wire_it_is_a_string_and_nothing_else(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Usdc>(json));

    [Fact]
    public void Every_amount_round_trips_in_its_shortest_form() => Any.Sample(amount =>
    {
        var text = amount.ToString();
        Assert.Equal(amount, Usdc.Parse(text));
        Assert.Equal(amount, JsonSerializer.Deserialize<Usdc>(JsonSerializer.Serialize(amount)));
        Assert.False(text.Contains('.', StringComparison.Ordinal) && text.EndsWith('0'), text);
    });

    // Amounts as people write them, some with one character put in: near enough that a good part is accepted.
    private static Gen<string> Texts { get; } =
        from whole in Gen.OneOf(Gen.Const("0"), Gen.Long[1, 999_999_999].Select(n => n.ToString(CultureInfo.InvariantCulture)), Gen.String[Gen.Char["0123456789"], 0, 12])
        from places in Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char["0123456789"], 0, 8].Select(digits => "." + digits))
        from at in Gen.Int[0, 20]
        from wrong in Gen.OneOf(Gen.Const(""), Gen.Const(""), Gen.Char[".+-eE ,_٣"].Select(c => c.ToString()))
        select (whole + places).Insert(Math.Min(at, whole.Length + places.Length), wrong);

    [Fact]
    public void Any_text_is_read_exactly_or_refused()
    {
        var (tried, accepted) = (0, 0);
        Texts.Sample(
            text =>
            {
                tried++;
                if (Usdc.TryParse(text, out var amount))
                {
                    accepted++;
                    Assert.Equal(decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture), amount.Micro / 1_000_000m);
                }
                else
                {
                    Assert.DoesNotMatch(@"\A(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?\z", text);
                }
            },
            iter: 5_000,
            threads: 1);
        output.WriteLine($"{accepted} of {tried} texts are amounts");
        Assert.InRange(accepted, tried * 3 / 10, tried * 9 / 10);
    }

    [Fact]
    public void Sums_and_differences_are_exact_or_thrown()
    {
        var most = Usdc.FromMicro(long.MaxValue);
        Assert.Equal(3, (Usdc.FromMicro(1) + Usdc.FromMicro(2)).Micro);
        Assert.Equal(1, (Usdc.FromMicro(3) - Usdc.FromMicro(2)).Micro);
        Assert.Throws<OverflowException>(() => most + Usdc.FromMicro(1));
        Assert.Throws<OverflowException>(() => Usdc.FromMicro(1) - Usdc.FromMicro(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Usdc.FromMicro(-1));
    }

    [Fact]
    public void The_order_is_that_of_the_amounts() => Gen.Select(Any, Any).Sample((a, b) =>
    {
        Assert.Equal(a.Micro < b.Micro, a < b);
        Assert.Equal(a.Micro <= b.Micro, a <= b);
        Assert.Equal(a.Micro > b.Micro, a > b);
        Assert.Equal(a.Micro >= b.Micro, a >= b);
        Assert.Equal(a.Micro.CompareTo(b.Micro), a.CompareTo(b));
    });
}
