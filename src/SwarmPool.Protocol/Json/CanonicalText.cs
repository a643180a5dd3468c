namespace SwarmPool.Protocol.Json;

/// <summary>How RFC 8785 writes a string and orders keys, over UTF-8.</summary>
internal static class CanonicalText
{
    /// <summary>
    /// Writes text with the escapes of RFC 8785 section 3.2.2.2 and no others, which is why no framework writer does: they
    /// escape U+007F, U+2028 and characters beyond the BMP too. Returns how many bytes were written.
    /// </summary>
    public static int Escape(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var at = 0;
        foreach (var b in text)
        {
            var letter = b switch
            {
                (byte)'"' or (byte)'\\' => b,
                (byte)'\b' => (byte)'b',
                (byte)'\t' => (byte)'t',
                (byte)'\n' => (byte)'n',
                (byte)'\f' => (byte)'f',
                (byte)'\r' => (byte)'r',
                < 0x20 => (byte)'u',
                _ => (byte)0,
            };
            if (letter == 0)
            {
                destination[at++] = b;
                continue;
            }

            destination[at++] = (byte)'\\';
            destination[at++] = letter;
            if (letter == 'u')
            {
                destination[at++] = (byte)'0';
                destination[at++] = (byte)'0';
                destination[at++] = (byte)('0' + (b >> 4));
                destination[at++] = (byte)"0123456789abcdef"[b & 15];
            }
        }

        return at;
    }

    /// <summary>
    /// Orders keys by UTF-16 code units (RFC 8785 section 3.2.3) without leaving UTF-8. The two orders differ only where a
    /// character beyond the BMP (lead byte F0 to F4; surrogates D800 to DFFF in UTF-16) meets U+E000 to U+FFFF (EE, EF).
    /// </summary>
    public static int CompareKeys(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var same = a.CommonPrefixLength(b);
        return same == a.Length || same == b.Length
            ? a.Length.CompareTo(b.Length)
            : Rank(a[same]).CompareTo(Rank(b[same]));
    }

    private static int Rank(byte lead) => lead is 0xEE or 0xEF ? lead + 0x10 : lead;
}
