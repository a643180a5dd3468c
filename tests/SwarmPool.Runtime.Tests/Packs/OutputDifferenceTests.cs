using System.Text;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Runtime.Tests.Packs;

/// <summary>What two outputs may differ in, and how a difference is told.</summary>
public sealed class OutputComparisonTests
{
    private static readonly PackTolerance Near = new("0.01", null);
    private static readonly PackTolerance Part = new(null, "0.1");

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", null, null)]
    [InlineData("""{"a":1}""", """{"a":2}""", null, "from byte 5 on '{\"a\":1}' is expected, and '{\"a\":2}' came.")]
    [InlineData("""{"a":1}""", """{"a":12}""", null, "came (7 bytes are expected, 8 came).")]
    [InlineData("""{"a":1}""", """{ "a":1}""", "exact", "from byte 1 on ")]
    [InlineData("""{"a":["0.500",1]}""", """{"a":["0.509",1]}""", "near", null)]
    [InlineData("""{"a":["0.500",1]}""", """{"a":["0.511",1]}""", "near", "at $.a[0] \"0.500\" is expected, and \"0.511\" came.")]
    [InlineData("""{"a":10}""", """{"a":11}""", "part", null)]
    [InlineData("""{"a":10}""", """{"a":12}""", "part", "at $.a 10 is expected, and 12 came.")]
    [InlineData("""{"a":0}""", """{"a":0.001}""", "part", "at $.a 0 is expected")]
    [InlineData("""{"a":"cat"}""", """{"a":"dog"}""", "near", "at $.a \"cat\" is expected, and \"dog\" came.")]
    [InlineData("""{"a":1}""", """{"b":1}""", "near", "at $ {\"a\":1} is expected")]
    [InlineData("""{"a":1}""", """{"a":1,"b":1}""", "near", "at $ ")]
    [InlineData("""[1,2]""", """[1]""", "near", "at $ [1,2] is expected")]
    [InlineData("""[1]""", """["1"]""", "near", "at $[0] 1 is expected")]
    [InlineData("""["NaN"]""", """["1"]""", "near", "at $[0] \"NaN\" is expected")]
    [InlineData("""[true]""", """[false]""", "near", "at $[0] true is expected")]
    [InlineData("""[1]""", "no JSON", "near", "from byte 0 on '[1]' is expected, and 'no JSON' came")]
    [InlineData("no JSON", """[1]""", "near", "from byte 0 on ")]
    public void Outputs_are_compared_by_the_packs_tolerance(string expected, string got, string? tolerance, string? difference)
    {
        var told = OutputComparison.Difference(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(got), tolerance switch
        {
            "near" => Near,
            "part" => Part,
            "exact" => new PackTolerance(null, null),
            _ => null,
        });
        if (difference is null)
        {
            Assert.Null(told);
        }
        else
        {
            Assert.Contains(difference, told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_what_is_no_text_and_of_long_texts_the_place_is_shown()
    {
        Assert.Equal("from byte 1 on 0x02 is expected, and 0x03 came.", OutputComparison.Difference(new byte[] { 0, 2 }, new byte[] { 0, 3 }, null));
        var text = Encoding.UTF8.GetBytes(new string('a', 200));
        var other = text.ToArray();
        other[100] = (byte)'b';
        Assert.Equal($"from byte 100 on …'{new string('a', 60)}'… is expected, and …'{new string('a', 15)}b{new string('a', 44)}'… came.", OutputComparison.Difference(text, other, null));
    }
}
