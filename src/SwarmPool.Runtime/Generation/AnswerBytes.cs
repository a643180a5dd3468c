using System.Buffers;
using System.Text;

namespace SwarmPool.Runtime.Generation;

/// <summary>
/// An answer's bytes as its tokens bring them: where a stop string ends it, and what can be shown already, since nothing that
/// comes can take it back.
/// </summary>
/// <param name="stops">The stop strings, none empty; what begins with one is no part of the answer.</param>
internal sealed class AnswerBytes(IReadOnlyList<string> stops)
{
    private readonly byte[][] stops = [.. stops.Select(Encoding.UTF8.GetBytes)];
    private readonly ArrayBufferWriter<byte> written = new();
    private int length;
    private int taken;

    /// <summary>The answer. What is no UTF-8 in it reads as U+FFFD, one for each maximal part, as browsers do it.</summary>
    public string Text => Encoding.UTF8.GetString(written.WrittenSpan[..length]);

    /// <summary>Puts a token's bytes behind it.</summary>
    /// <returns>Whether it has a stop string now. Then it ends before the first.</returns>
    public bool Add(ReadOnlySpan<byte> bytes)
    {
        var before = length;
        written.Write(bytes);
        length = written.WrittenCount;
        var end = length;
        foreach (var stop in stops)
        {
            // Only what ends in the new bytes can be new.
            var from = Math.Max(0, before - stop.Length + 1);
            var at = written.WrittenSpan[from..].IndexOf(stop);
            end = at < 0 ? end : Math.Min(end, from + at);
        }

        var stopped = end < length;
        length = end;
        return stopped;
    }

    /// <summary>What was not taken yet and stays: no half character, and nothing that a stop string may begin with.</summary>
    public ReadOnlyMemory<byte> TakeSettled()
    {
        var open = written.WrittenSpan[taken..length];
        var held = 0;
        foreach (var stop in stops)
        {
            for (var part = Math.Min(stop.Length - 1, open.Length); part > held; part--)
            {
                if (open.EndsWith(stop.AsSpan(0, part)))
                {
                    held = part;
                }
            }
        }

        return Take(length - taken - Math.Max(held, HalfCharacter(open)));
    }

    /// <summary>What was not taken yet.</summary>
    public ReadOnlyMemory<byte> TakeRest() => Take(length - taken);

    // The bytes at the end that may become a character with what follows.
    private static int HalfCharacter(ReadOnlySpan<byte> bytes)
    {
        for (var part = 1; part <= Math.Min(3, bytes.Length); part++)
        {
            var tail = bytes[^part..];
            if (tail[0] >= 0xC2)
            {
                return Rune.DecodeFromUtf8(tail, out _, out _) == OperationStatus.NeedMoreData ? part : 0;
            }

            if (tail[0] < 0x80)
            {
                return 0;
            }
        }

        return 0;
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        var bytes = written.WrittenSpan.Slice(taken, count).ToArray();
        taken += count;
        return bytes;
    }
}
