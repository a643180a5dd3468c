namespace SwarmPool.Protocol.Packs;

/// <summary>
/// The form of an SPDX licence expression (SPDX 2.3, annex D): identifiers, with <c>+</c>, <c>WITH</c>, <c>AND</c>, <c>OR</c> and brackets. Whether there is a licence
/// of that identifier is not asked: the list grows.
/// </summary>
internal static class SpdxExpression
{
    private const int MostBytes = 256;
    private const int MostBrackets = 8;

    /// <summary>Null, or what is wrong with an expression.</summary>
    public static string? Problem(string text)
    {
        if (text.Length > MostBytes)
        {
            return $"an SPDX expression has at most {MostBytes} characters here";
        }

        var words = new Queue<string>(text.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return Reads(words, 0) && words.Count == 0 ? null : "write an SPDX expression, like \"MIT\" or \"(LGPL-2.1-only OR MIT)\"";
    }

    private static bool Reads(Queue<string> words, int depth)
    {
        if (depth > MostBrackets || !ReadsOne(words, depth))
        {
            return false;
        }

        while (words.TryPeek(out var word) && word is "AND" or "OR")
        {
            words.Dequeue();
            if (!ReadsOne(words, depth))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ReadsOne(Queue<string> words, int depth)
    {
        if (!words.TryDequeue(out var word))
        {
            return false;
        }

        if (word == "(")
        {
            return Reads(words, depth + 1) && words.TryDequeue(out var end) && end == ")";
        }

        if (!IsLicense(word))
        {
            return false;
        }

        if (words.TryPeek(out var next) && next == "WITH")
        {
            words.Dequeue();
            return words.TryDequeue(out var exception) && IsIdentifier(exception);
        }

        return true;
    }

    private static bool IsLicense(string word)
    {
        var parts = word.Split(':');
        return parts.Length switch
        {
            1 => IsIdentifier(word.EndsWith('+') ? word[..^1] : word),
            2 => parts[0].StartsWith("DocumentRef-", StringComparison.Ordinal) && parts[1].StartsWith("LicenseRef-", StringComparison.Ordinal) && IsIdentifier(parts[0]) && IsIdentifier(parts[1]),
            _ => false,
        };
    }

    private static bool IsIdentifier(string word) =>
        word.Length > 0 && word is not ("AND" or "OR" or "WITH") && word.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
}
