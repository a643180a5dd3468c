using System.Diagnostics.CodeAnalysis;

namespace SwarmPool.Plugins.Ipfs.InlineContents;

/// <summary>
/// How a message and the small contents that it names travel as one payload: byte 0, the message's length as a varint, the
/// message, then each content's length and bytes. A payload that begins otherwise is a message alone.
/// </summary>
/// <remarks>Pure. A message that is empty (some nodes refuse to publish nothing) or begins with 0 always gets an envelope.</remarks>
internal static class Envelope
{
    public const int MaxContents = 64;
    public const int MaxContentBytes = 128 * 1024;

    private const byte Mark = 0;

    public static ReadOnlyMemory<byte> Seal(ReadOnlyMemory<byte> message, IReadOnlyList<ReadOnlyMemory<byte>> contents)
    {
        if (contents.Count == 0 && message.Length > 0 && message.Span[0] != Mark)
        {
            return message;
        }

        using var payload = new MemoryStream(message.Length + contents.Sum(static one => one.Length + 4) + 8);
        payload.WriteByte(Mark);
        Write(payload, message.Span);
        foreach (var content in contents)
        {
            Write(payload, content.Span);
        }

        return payload.ToArray();
    }

    /// <summary>False when the envelope is broken or holds more than allowed.</summary>
    public static bool TryOpen(
        ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> message, [NotNullWhen(true)] out IReadOnlyList<ReadOnlyMemory<byte>>? contents)
    {
        if (payload.Length == 0 || payload.Span[0] != Mark)
        {
            (message, contents) = (payload, []);
            return true;
        }

        contents = null;
        var rest = payload[1..];
        if (!TryTake(ref rest, out message))
        {
            return false;
        }

        var found = new List<ReadOnlyMemory<byte>>();
        for (var bytes = 0; rest.Length > 0;)
        {
            if (!TryTake(ref rest, out var one) || found.Count == MaxContents || (bytes += one.Length) > MaxContentBytes)
            {
                return false;
            }

            found.Add(one);
        }

        contents = found;
        return true;
    }

    private static void Write(MemoryStream payload, ReadOnlySpan<byte> bytes)
    {
        var length = (uint)bytes.Length;
        for (; length >= 0x80; length >>= 7)
        {
            payload.WriteByte((byte)(length | 0x80));
        }

        payload.WriteByte((byte)length);
        payload.Write(bytes);
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        var length = 0;
        for (var i = 0; i < 3 && i < rest.Length; i++)
        {
            var b = rest.Span[i];
            length |= (b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                rest = rest[(i + 1)..];
                if (length > rest.Length)
                {
                    return false;
                }

                taken = rest[..length];
                rest = rest[length..];
                return true;
            }
        }

        return false;
    }
}
