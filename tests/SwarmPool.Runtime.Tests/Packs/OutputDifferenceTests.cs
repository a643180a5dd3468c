using System.Text;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Runtime.Tests.Packs;

/// <summary>What two outputs may differ in, and how a difference is told.</summary>
public sealed class OutputDifferenceTests
{
    private static readonly PackTolerance Near = new("0.01", null);
    private static readonly PackTolerance Part = new(null, "0.1");

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", null, null)]
    [InlineData("""{"a":1}""", """{"a":2}""", null, "from byte 5 on '{\"a\":1}' is expected, and '{\"a\":2}' came.")]
    [InlineData("""{"a":1}""", """{"a":12}""", null, "came (7 bytes are expected, 8 came).")]
    [InlineData("""{"a":1}""", """{ "a":1}""", "exact", "from byte 1 on ")]
    [InlineData("""{"score":"0.500","data":[1]}""", """{"score":"0.509","data":[1.001]}""", "near", null)]
    [InlineData("""{"score":"0.500"}""", """{"score":"0.511"}""", "near", ": from byte 13 on '{\"score\":\"0.500\"}' is expected, and '{\"score\":\"0.511\"}' came.")]
    [InlineData("""{"a":10}""", """{"a":11}""", "part", null)]
    [InlineData("""{"a":10}""", """{"a":12}""", "part", ": from byte 6 on '{\"a\":10}' is expected, and '{\"a\":12}' came.")]
    [InlineData("""{"a":0}""", """{"a":0.001}""", "part", "from byte 6 on ")]
    [InlineData("""{"a":1,"b":[2]}""", """{ "b": [2.005], "a": 1 }""", "near", null)]
    [InlineData("""{"a":"cat"}""", """{"a":"dog"}""", "near", "the texts at a differ: from byte 6 on '{\"a\":\"cat\"}' is expected")]
    [InlineData("""{"a":1}""", """{"b":1}""", "near", "one of them has parts that the other hasn't: from byte 2 on ")]
    [InlineData("""{"a":1}""", """{"a":1,"b":1}""", "near", "one of them has parts")]
    [InlineData("""[1,2]""", """[1]""", "near", "the lists have 2 and 1 entries: ")]
    [InlineData("""[1]""", """["1"]""", "near", "the values are of different kinds: ")]
    [InlineData("""["NaN"]""", """["1"]""", "near", "the texts differ: ")]
    [InlineData("""[true]""", """[false]""", "near", "the values are of different kinds: ")]
    [InlineData("""[1]""", "no JSON", "near", "one of them is JSON and the other isn't: from byte 0 on '[1]' is expected, and 'no JSON' came")]
    [InlineData("no JSON", """[1]""", "near", "from byte 0 on ")]
    public void Outputs_are_compared_by_the_packs_tolerance(string expected, string got, string? tolerance, string? difference)
    {
        var told = OutputDifference.Of(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(got), tolerance switch
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
        Assert.Equal("from byte 1 on 0x02 is expected, and 0x03 came.", OutputDifference.Of(new byte[] { 0, 2 }, new byte[] { 0, 3 }, null));
        var text = Encoding.UTF8.GetBytes(new string('a', 200));
        var other = text.ToArray();
        other[100] = (byte)'b';
        Assert.Equal($"from byte 100 on …'{new string('a', 60)}'… is expected, and …'{new string('a', 15)}b{new string('a', 44)}'… came.", OutputDifference.Of(text, other, null));
    }
}
