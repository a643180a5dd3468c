using System.Buffers;

namespace SwarmPool.Protocol.Evidence;

/// <summary>Writes what <see cref="TokenEvidenceForm"/> has found right.</summary>
internal static class TokenEvidenceWriter
{
    public static byte[] Write(TokenEvidence evidence)
    {
        var document = new ArrayBufferWriter<byte>();
        document.Write(TokenEvidenceCodec.Magic);
        var frame = new ArrayBufferWriter<byte>();
        WriteHead(frame, evidence);
        EndFrame(document, frame);
        for (var i = 0; i < evidence.Positions.Count; i++)
        {
            WritePosition(frame, evidence.Positions[i]);
            if ((i + 1) % TokenEvidence.PageLength == 0 || i + 1 == evidence.Positions.Count)
            {
                EndFrame(document, frame);
            }
        }

        return document.WrittenSpan.ToArray();
    }

    private static void WriteHead(ArrayBufferWriter<byte> to, TokenEvidence evidence)
    {
        Write(to, (uint)Finish(evidence.Finish));
        Write(to, (uint)evidence.TopCount);
        Write(to, (uint)evidence.Positions.Count);
        Write(to, (uint)evidence.PromptIds.Length);
        foreach (var token in evidence.PromptIds.Span)
        {
            Write(to, (uint)token);
        }
    }

    private static int Finish(string finish)
    {
        var at = 0;
        while (TokenFinish.All[at] != finish)
        {
            at++;
        }

        return at;
    }

    private static void WritePosition(ArrayBufferWriter<byte> to, EvidencePosition position)
    {
        var top = position.Top.Span;
        Write(to, (uint)((position.LogSum << 1) ^ (position.LogSum >> 31)));
        var last = 0;
        foreach (var (token, logProb) in top)
        {
            Write(to, (uint)token);
            Write(to, (uint)(last - logProb));
            last = logProb;
        }

        var at = TokenEvidenceForm.IndexOf(top, position.Chosen.Token);
        Write(to, (uint)(at < 0 ? top.Length : at));
        if (at < 0)
        {
            Write(to, (uint)position.Chosen.Token);
            Write(to, (uint)(last - position.Chosen.LogProb));
        }
    }

    private static void EndFrame(ArrayBufferWriter<byte> document, ArrayBufferWriter<byte> frame)
    {
        Write(document, (uint)frame.WrittenCount);
        document.Write(frame.WrittenSpan);
        frame.ResetWrittenCount();
    }

    // Seven bits a byte, the lowest first; the top bit says that more follow.
    private static void Write(ArrayBufferWriter<byte> to, uint value)
    {
        var bytes = to.GetSpan(5);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
        to.Advance(length);
    }
}
