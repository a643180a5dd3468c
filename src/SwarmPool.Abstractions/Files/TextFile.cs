using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SwarmPool.Files;

/// <summary>
/// The one way to read texts that people or other programs wrote: UTF-8 and nothing else, so that no byte is silently another character, which
/// in a password, a name or a path would be another one.
/// </summary>
/// <remarks>
/// Thread-safe; keeps nothing. A byte order mark at the beginning, as some editors write it, is passed over; UTF-16 is refused. So is a NUL,
/// which no text has, and half a character (a lone surrogate): in JSON also where they are written as <c>\u0000</c> and <c>\ud800</c>.
/// </remarks>
public static class TextFile
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>The text that these bytes are.</summary>
    /// <exception cref="FormatException">They are none; the message says why, and nothing of what they hold.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = WithoutMark(bytes);
        RequireUtf8(text);
        return text.Contains((byte)0) ? throw new FormatException("it has a NUL character, which no text has") : Encoding.UTF8.GetString(text);
    }

    /// <summary>Reads a file whole; a link is followed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes that are read; 0 or more.</param>
    /// <exception cref="FormatException">It is no text.</exception>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    /// <exception cref="IOException">It has more bytes, is no regular file, or can't be read.</exception>
    public static string Read(string path, long maxBytes) => Decode(RegularFile.ReadAllBytes(path, maxBytes, followsLinks: true));

    /// <summary>Reads JSON.</summary>
    /// <param name="bytes">The text; not to be changed while the document is used.</param>
    /// <param name="options">What is allowed.</param>
    /// <returns>The document, each of whose strings can be read; the caller disposes of it.</returns>
    /// <exception cref="JsonException">It is not JSON, or no text.</exception>
    public static JsonDocument ParseJson(ReadOnlyMemory<byte> bytes, JsonDocumentOptions options = default)
    {
        var text = bytes[(bytes.Length - WithoutMark(bytes.Span).Length)..];
        try
        {
            RequireUtf8(text.Span);
        }
        catch (FormatException wrong)
        {
            throw new JsonException(wrong.Message, wrong);
        }

        if (text.Span.IndexOf("\\u"u8) >= 0)
        {
            RequireStrings(text.Span, options);
        }

        return JsonDocument.Parse(text, options);
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Mark) ? bytes[Mark.Length..] : bytes;

    private static void RequireUtf8(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            throw new FormatException("it is not UTF-8: save it in that encoding");
        }
    }

    private static void RequireStrings(ReadOnlySpan<byte> text, JsonDocumentOptions options)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowTrailingCommas = options.AllowTrailingCommas, CommentHandling = options.CommentHandling, MaxDepth = options.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                if (reader.GetString()!.Contains('\0', StringComparison.Ordinal))
                {
                    throw new JsonException($"the string at byte {reader.TokenStartIndex} has a NUL character (\\u0000), which no text has");
                }
            }
            catch (InvalidOperationException half)
            {
                throw new JsonException($"the string at byte {reader.TokenStartIndex} has half a character (a lone surrogate, like \\ud800)", half);
            }
        }
    }
}
