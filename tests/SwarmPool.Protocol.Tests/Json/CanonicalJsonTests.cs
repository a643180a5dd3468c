using System.Text;
using System.Text.Json;
using CsCheck;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Protocol.Tests.Json;

public sealed class CanonicalJsonTests
{
    [Theory]
    // RFC 8785 section 3.2.3's keys, which tell UTF-16 order from UTF-8 order: U+1F600 sorts before U+FB33.
    [InlineData(
        """{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}""",
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\",\"\U0001F600\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}")]
    // Section 3.2.2.2's string.
    [InlineData(
        """{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}""",
        """{"string":"€$\u000f\nA'B\"\\\\\"/"}""")]
    // Section 3.2.2's literals, less null and fractions, which are not in the subset.
    [InlineData("""{ "literals" : [ true , false ], "numbers" : [ 0, -0, -1, 9007199254740992 ] }""", """{"literals":[true,false],"numbers":[0,0,-1,9007199254740992]}""")]
    [InlineData("""{"b":1,"a":{"d":[{"z":1,"y":2}],"c":3}}""", """{"a":{"c":3,"d":[{"y":2,"z":1}]},"b":1}""")]
    [InlineData("""{"aa":1,"a":2,"":3}""", """{"":3,"a":2,"aa":1}""")]
    [InlineData("\"\\u007f\\u2028\\b\\f\\t\\u0001\"", "\"\u007f\u2028\\b\\f\\t\\u0001\"")]
    [InlineData(" [ ] ", "[]")]
    [InlineData("-9007199254740992", "-9007199254740992")]
    public void Brings_text_into_the_form_of_RFC_8785(string json, string expected)
    {
        Assert.True(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json), out var canonical, out var refusal), refusal?.ToString());
        Assert.Equal(expected, Encoding.UTF8.GetString(canonical));
        Assert.True(CanonicalJson.IsCanonical(canonical));
        Assert.Equal(json == expected, CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("", ErrorCodes.NotJson)]
    [InlineData("{", ErrorCodes.NotJson)]
    [InlineData("{}{}", ErrorCodes.NotJson)]
    [InlineData("{\"a\":01}", ErrorCodes.NotJson)]
    [InlineData("{\"a\":NaN}", ErrorCodes.NotJson)]
    [InlineData("{\"a\":1,}", ErrorCodes.NotJson)]
    [InlineData("/**/{}", ErrorCodes.NotJson)]
    [InlineData("\ufeff{}", ErrorCodes.NotJson)]
    [InlineData("{\"a\":1,\"a\":1}", ErrorCodes.DuplicateKey)]
    [InlineData("{\"b\":1,\"a\":1,\"\\u0062\":1}", ErrorCodes.DuplicateKey)]
    [InlineData("[\"\\ud800\"]", ErrorCodes.BadUtf8)]
    [InlineData("{\"x\":1,\"\\udc00\":1}", ErrorCodes.BadUtf8)]
    [InlineData("[0.5]", ErrorCodes.Fraction)]
    [InlineData("[1.0]", ErrorCodes.Fraction)]
    [InlineData("[1E2]", ErrorCodes.Fraction)]
    [InlineData("[9007199254740993]", ErrorCodes.IntegerRange)]
    [InlineData("[-99999999999999999999999999]", ErrorCodes.IntegerRange)]
    [InlineData("{\"a\":null}", ErrorCodes.NullValue)]
    public void Refuses_what_is_not_in_the_subset(string json, string code)
    {
        Assert.False(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json), out _, out var refusal));
        Assert.Equal(code, refusal.Code);
        Assert.False(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData(new byte[] { 0x22, 0xff, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xed, 0xa0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xc0, 0xaf, 0x22 })]
    public void Refuses_bytes_that_are_not_utf8(byte[] json)
    {
        Assert.False(CanonicalJson.TryCanonicalize(json, out _, out var refusal));
        Assert.Equal(ErrorCodes.BadUtf8, refusal.Code);
    }

    [Fact]
    public void Reads_32_levels_and_not_33()
    {
        Assert.True(CanonicalJson.IsCanonical(Nested(32)));
        Assert.False(CanonicalJson.TryCanonicalize(Nested(33), out _, out var refusal));
        Assert.Equal(ErrorCodes.TooDeep, refusal.Code);
        Assert.False(CanonicalJson.TryCanonicalize(Nested(30_000), out _, out refusal));
        Assert.Equal(ErrorCodes.TooDeep, refusal.Code);

        static byte[] Nested(int levels) => Encoding.ASCII.GetBytes(new string('[', levels) + new string(']', levels));
    }

    [Theory]
    [InlineData("""{"payment":{"amount":0.1}}""", "$.payment.amount")]
    [InlineData("""{"a":[{"x":1},{"y":[1,null]}]}""", "$.a[1].y[1]")]
    [InlineData("""{"a":{"b":1},"c":1e1}""", "$.c")]
    public void Names_the_place(string json, string path)
    {
        Assert.False(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json), out _, out var refusal));
        Assert.StartsWith(path + " is ", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Looking_whether_bytes_are_canonical_allocates_nothing()
    {
        var bytes = SnapshotCodec.Canonical(ExampleSnapshots.Job);

        // The least of several, since a collection in between may empty the pool that the buffers come from.
        Assert.Equal(0, Enumerable.Range(0, 10).Min(_ => Allocated(bytes)));

        static long Allocated(byte[] bytes)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var canonical = CanonicalJson.IsCanonical(bytes);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(canonical);
            return allocated;
        }
    }

    [Fact]
    public void A_strangers_key_reaches_no_terminal()
    {
        Assert.False(CanonicalJson.TryCanonicalize("{\"\\u001b[31m\":null}"u8, out _, out var refusal));
        Assert.DoesNotContain('\u001b', refusal.Reason);
    }

    [Fact]
    public void Equals_an_independent_writer_and_is_idempotent() => Value(4).Sample(
        value =>
        {
            var messy = Encoding.UTF8.GetBytes(Messy(value));
            Assert.True(CanonicalJson.TryCanonicalize(messy, out var canonical, out var refusal), refusal?.ToString());
            Assert.Equal(Plain(value), Encoding.UTF8.GetString(canonical));
            Assert.True(CanonicalJson.IsCanonical(canonical));
            Assert.True(canonical.Length <= messy.Length);
        },
        iter: 500);

    [Fact]
    public void Survives_any_bytes() => Gen.Byte.Array[0, 64].Sample(
        bytes =>
        {
            var good = CanonicalJson.TryCanonicalize(bytes, out var canonical, out var refusal);
            Assert.Equal(good, refusal is null);
            Assert.True(!good || CanonicalJson.IsCanonical(canonical!));
        },
        iter: 2_000);

    // A value is a string, a long, a bool, a list or a dictionary.
    private static Gen<object> Value(int depth)
    {
        var text = Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['\0', '\u001f'], Gen.Char['\u0080', '\ud7ff'], Gen.Char['\ue000', '\uffff']).Array[0, 6]
            .Select(Gen.Bool, (chars, emoji) => new string(chars) + (emoji ? "\U0001F600" : ""));
        var leaf = Gen.OneOf<object>(text.Select(t => (object)t), Gen.Long[-CanonicalJson.MaxInteger, CanonicalJson.MaxInteger].Select(n => (object)n), Gen.Bool.Select(b => (object)b));
        return depth == 0
            ? leaf
            : Gen.OneOf(leaf, Value(depth - 1).Array[0, 4].Select(a => (object)a), Gen.Dictionary(text, Value(depth - 1))[0, 5].Select(d => (object)d));
    }

    private static string Messy(object value) => value switch
    {
        string text => JsonSerializer.Serialize(text),
        bool truth => truth ? "true" : "false",
        object[] list => "[ " + string.Join(" , ", list.Select(Messy)) + "\n]",
        Dictionary<string, object> map => "{\t" + string.Join(",\r\n", map.Select(m => JsonSerializer.Serialize(m.Key) + " : " + Messy(m.Value))) + "}",
        _ => value.ToString()!,
    };

    private static string Plain(object value) => value switch
    {
        string text => SafeText(text),
        bool truth => truth ? "true" : "false",
        object[] list => "[" + string.Join(",", list.Select(Plain)) + "]",
        Dictionary<string, object> map => "{" + string.Join(",", map.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => SafeText(m.Key) + ":" + Plain(m.Value))) + "}",
        _ => value.ToString()!,
    };

    private static string SafeText(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var c in text)
        {
            result.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return result.Append('"').ToString();
    }
}
