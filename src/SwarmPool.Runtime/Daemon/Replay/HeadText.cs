using System.Globalization;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Replay;

/// <summary>A place in the journal as people write it: "812:" and the 64 hex digits of the record's hash.</summary>
internal static class HeadText
{
    public static string Of(JournalHead head) => string.Create(CultureInfo.InvariantCulture, $"{head.Sequence}:{Convert.ToHexStringLower(head.Hash.Span)}");

    public static bool TryParse(string text, out JournalHead head)
    {
        head = JournalHead.Empty;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1
            || !long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) || sequence < 1
            || text.Length != colon + 65 || text.AsSpan(colon + 1).ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        head = new JournalHead(sequence, Convert.FromHexString(text.AsSpan(colon + 1)));
        return true;
    }

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
