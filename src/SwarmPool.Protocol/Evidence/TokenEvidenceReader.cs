namespace SwarmPool.Protocol.Evidence;

/// <summary>Reads a stranger's bytes. What they say is checked by <see cref="TokenEvidenceForm"/>; here, that there is one way to say it.</summary>
/// <remarks>Room is made only for what the bytes that are there can hold.</remarks>
internal static class TokenEvidenceReader
{
    private const string CutOff = "The evidence is cut off, or its numbers are not in their shortest form.";

    /// <returns>What is wrong; null when it was read.</returns>
    public static string? Read(ReadOnlySpan<byte> bytes, out TokenEvidence? evidence)
    {
        evidence = null;
        if (!bytes.StartsWith(TokenEvidenceCodec.Magic))
        {
            return "The bytes are no evidence: they don't begin with SPE1.";
        }

        var document = new Numbers(bytes[TokenEvidenceCodec.Magic.Length..]);
        if (!document.TryFrame(out var head) || !TryHead(head, out var finish, out var top, out var count, out var prompt))
        {
            return CutOff;
        }

        // A position takes two bytes, and two for each token.
        if (finish >= (uint)TokenFinish.All.Count || top is 0 or > TokenEvidence.MostTop || (2 + (2L * top)) * count > document.Left)
        {
            return "The evidence's head says what can't be, or more than is there.";
        }

        var positions = new EvidencePosition[count];
        for (var at = 0; at < positions.Length; at += TokenEvidence.PageLength)
        {
            var page = positions.AsSpan(at, Math.Min(TokenEvidence.PageLength, positions.Length - at));
            if (!document.TryFrame(out var frame) || !TryPage(frame, page, (int)top))
            {
                return CutOff;
            }
        }

        if (document.Left > 0)
        {
            return "The evidence goes on after its last page.";
        }

        evidence = new TokenEvidence { PromptIds = prompt, Finish = TokenFinish.All[(int)finish], TopCount = (int)top, Positions = positions };
        return null;
    }

    /// <summary>The frames, unread.</summary>
    public static bool TrySplit(ReadOnlyMemory<byte> bytes, out List<ReadOnlyMemory<byte>> parts)
    {
        parts = [];
        if (!bytes.Span.StartsWith(TokenEvidenceCodec.Magic))
        {
            return false;
        }

        var document = new Numbers(bytes.Span[TokenEvidenceCodec.Magic.Length..]);
        while (document.Left > 0)
        {
            if (!document.TryFrame(out var frame))
            {
                return false;
            }

            parts.Add(bytes.Slice(bytes.Length - document.Left - frame.Length, frame.Length));
        }

        return parts.Count > 1;
    }

    private static bool TryHead(ReadOnlySpan<byte> bytes, out uint finish, out uint top, out uint count, out int[] prompt)
    {
        prompt = [];
        (top, count) = (0, 0);
        var head = new Numbers(bytes);
        if (!head.TryRead(out finish) || !head.TryRead(out top) || !head.TryRead(out count) || !head.TryRead(out var tokens) || tokens > head.Left)
        {
            return false;
        }

        prompt = new int[tokens];
        for (var i = 0; i < prompt.Length; i++)
        {
            if (!head.TryReadInt(out prompt[i]))
            {
                return false;
            }
        }

        return head.Left == 0;
    }

    private static bool TryPage(ReadOnlySpan<byte> bytes, Span<EvidencePosition> positions, int count)
    {
        var page = new Numbers(bytes);
        var tops = new TokenLogProb[positions.Length * count];
        for (var i = 0; i < positions.Length; i++)
        {
            if (!page.TryRead(out var sum))
            {
                return false;
            }

            var top = tops.AsMemory(i * count, count);
            var last = 0;
            for (var j = 0; j < count; j++)
            {
                if (!TryNext(ref page, ref last, out top.Span[j]))
                {
                    return false;
                }
            }

            if (!page.TryRead(out var rank) || rank > count)
            {
                return false;
            }

            TokenLogProb chosen;
            if (rank < count)
            {
                chosen = top.Span[(int)rank];
            }
            else if (!TryNext(ref page, ref last, out chosen) || TokenEvidenceForm.IndexOf(top.Span, chosen.Token) >= 0)
            {
                return false; // One that is stated is named by its place.
            }

            positions[i] = new EvidencePosition(chosen, (int)(sum >> 1) ^ -(int)(sum & 1), top);
        }

        return page.Left == 0;
    }

    private static bool TryNext(ref Numbers page, ref int last, out TokenLogProb next)
    {
        next = default;
        if (!page.TryReadInt(out var token) || !page.TryReadInt(out var less) || less > last - TokenLogProb.Least)
        {
            return false;
        }

        last -= less;
        next = new TokenLogProb(token, last);
        return true;
    }

    /// <summary>Numbers of seven bits a byte, the lowest first, each in its shortest form.</summary>
    private ref struct Numbers(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> left = bytes;

        public readonly int Left => left.Length;

        public bool TryRead(out uint value)
        {
            value = 0;
            for (var i = 0; i < left.Length && i < 5; i++)
            {
                var part = left[i];
                if (i == 4 && part > 0x0F)
                {
                    return false; // More than 32 bits.
                }

                value |= (uint)(part & 0x7F) << (7 * i);
                if (part < 0x80)
                {
                    left = left[(i + 1)..];
                    return part > 0 || i == 0;
                }
            }

            return false;
        }

        public bool TryReadInt(out int value)
        {
            var read = TryRead(out var number) && number <= int.MaxValue;
            value = read ? (int)number : 0;
            return read;
        }

        public bool TryFrame(out ReadOnlySpan<byte> frame)
        {
            frame = default;
            if (!TryRead(out var length) || length > left.Length)
            {
                return false;
            }

            frame = left[..(int)length];
            left = left[(int)length..];
            return true;
        }
    }
}
