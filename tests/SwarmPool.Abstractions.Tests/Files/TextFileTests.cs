using System.Text;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Plugins;

namespace SwarmPool.Abstractions.Tests.Files;

public sealed class TextFileTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void A_text_is_UTF8_with_or_without_a_mark()
    {
        Assert.Equal("zażółć 🦀\r\n", TextFile.Decode("zażółć 🦀\r\n"u8));
        Assert.Equal("a", TextFile.Decode([0xEF, 0xBB, 0xBF, (byte)'a']));
        Assert.Equal("", TextFile.Decode([]));
        Assert.Equal("\uFEFFa", TextFile.Decode([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, (byte)'a'])); // One mark is a mark; a second one is text.
    }

    public static TheoryData<string, byte[]> NoTexts => new()
    {
        { "UTF-8", [(byte)'a', 0xFF] }, { "UTF-8", Encoding.Unicode.GetPreamble() }, { "UTF-8", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{}")] },
        { "UTF-8", [0xC0, 0x80] }, { "UTF-8", [0xED, 0xA0, 0x80] }, { "UTF-8", [0xE2, 0x82] }, { "NUL", [(byte)'a', 0, (byte)'b'] },
    };

    [Theory]
    [MemberData(nameof(NoTexts))]
    public void What_is_none_is_refused_and_not_shown(string because, byte[] bytes)
    {
        Assert.Contains(because, Assert.Throws<FormatException>(() => TextFile.Decode(bytes)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(file, bytes);
        Assert.Throws<FormatException>(() => TextFile.Read(file, 100));
        Assert.Contains(because, Assert.Throws<IOException>(() => SettingFile.FirstLine(file, "some_file")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""", "half a character")]
    [InlineData("""{"\udc00":1}""", "half a character")]
    [InlineData("""{"a":["\ud83e x \udd80"]}""", "half a character")]
    [InlineData("""{"a":"b\u0000"}""", "NUL")]
    [InlineData("""{"\u0000":1}""", "NUL")]
    [InlineData("{\"a\":\"\0\"}", "0x00")]
    [InlineData("""{"a":""", "")]
    public void JSON_whose_strings_are_no_texts_is_no_JSON(string json, string because) =>
        Assert.Contains(because, Assert.ThrowsAny<JsonException>(() => TextFile.ParseJson(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void JSON_is_read_with_a_mark_and_with_what_is_allowed()
    {
        using var document = TextFile.ParseJson(
            (byte[])[0xEF, 0xBB, 0xBF, .. """{"a":"\ud83e\udd80\u00e9",/*x*/}"""u8], new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        Assert.Equal("🦀é", document.RootElement.GetProperty("a").GetString());
        Assert.ThrowsAny<JsonException>(() => TextFile.ParseJson((byte[])[.. "{\"a\":\""u8, 0xFF, .. "\"}"u8]));
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused()
    {
        File.WriteAllText(file, "12345");
        Assert.Equal("12345", TextFile.Read(file, 5));
        Assert.Throws<IOException>(() => TextFile.Read(file, 4));
    }
}
