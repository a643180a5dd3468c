using System.Text;

namespace SwarmPool.Programs.Client.Screens;

/// <summary>An output as it is shown, where it is a text.</summary>
internal static class OutputText
{
    private const int MostShownBytes = 4096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The output as text; null when it is long or none.</summary>
    public static string? Of(ReadOnlyMemory<byte> output)
    {
        if (output.Length > MostShownBytes)
        {
            return null;
        }

        try
        {
            return Strict.GetString(output.Span);
        }
        catch (DecoderFallbackException)
        {
            return null; // Bytes, not text: that is what is said of it then.
        }
    }

    /// <summary>A text of one line; else how many bytes it has.</summary>
    public static string OneLine(ReadOnlyMemory<byte> output) =>
        Of(output)?.TrimEnd('\n') is { } text && !text.Contains('\n', StringComparison.Ordinal) ? text : $"{output.Length} bytes";
}
