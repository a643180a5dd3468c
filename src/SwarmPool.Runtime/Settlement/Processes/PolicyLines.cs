using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SwarmPool.Runtime.Settlement.Processes;

/// <summary>Lines of JSON between a program and a policy's process: each a bounded number of bytes, whoever writes at the other end.</summary>
/// <remarks>Not thread-safe; one thread may read while another writes. Blocks: whoever waits too long ends the process.</remarks>
internal sealed class PolicyLines(Stream input, Stream output)
{
    /// <summary>The most bytes of a line: a policy's state of 32 KiB with every character escaped, and room.</summary>
    public const int MaxLineBytes = 512 * 1024;

    private readonly byte[] read = new byte[64 * 1024];
    private int from;
    private int to;

    /// <summary>The next line; null at the end.</summary>
    /// <exception cref="IOException">A line is longer than <see cref="MaxLineBytes"/>, or the other end is gone.</exception>
    public ReadOnlyMemory<byte>? ReadLine()
    {
        var line = new MemoryStream();
        while (true)
        {
            if (from == to)
            {
                (from, to) = (0, input.Read(read));
                if (to == 0)
                {
                    return null;
                }
            }

            var end = Array.IndexOf(read, (byte)'\n', from, to - from);
            line.Write(read, from, (end < 0 ? to : end) - from);
            from = end < 0 ? to : end + 1;
            if (line.Length > MaxLineBytes)
            {
                throw new IOException($"A line has more than {MaxLineBytes} bytes.");
            }

            if (end >= 0)
            {
                return line.GetBuffer().AsMemory(0, (int)line.Length);
            }
        }
    }

    /// <summary>The next line as what it has to be.</summary>
    /// <exception cref="IOException">There is none.</exception>
    /// <exception cref="JsonException">It is something else.</exception>
    public T Read<T>(JsonTypeInfo<T> type) => Parse(ReadLine() ?? throw new EndOfStreamException("The other end is closed."), type);

    /// <summary>A line as what it has to be.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> line, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(line.Span, type) ?? throw new JsonException("null");

    /// <summary>Writes a line.</summary>
    public void Write<T>(T value, JsonTypeInfo<T> type)
    {
        output.Write(JsonSerializer.SerializeToUtf8Bytes(value, type));
        output.WriteByte((byte)'\n');
    }

    public void Flush() => output.Flush();
}
