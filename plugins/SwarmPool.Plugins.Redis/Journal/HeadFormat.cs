using System.Globalization;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>
/// The head as the server keeps it, one text that a script compares as a whole: the fence that may append (0 for none), the last record's
/// sequence, its hash in hex.
/// </summary>
internal static class HeadFormat
{
    public static string Of(long fence, long sequence, ReadOnlyMemory<byte> hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{fence} {sequence} {Convert.ToHexStringLower(hash.Span)}");

    /// <summary>The head; null when the text is not valid.</summary>
    public static JournalHead? Parse(string? text)
    {
        var parts = (text ?? "").Split(' ');
        return parts.Length == 3 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && parts[2].Length % 2 == 0 && parts[2].All(char.IsAsciiHexDigit)
            ? new JournalHead(sequence, Convert.FromHexString(parts[2]))
            : null;
    }
}
