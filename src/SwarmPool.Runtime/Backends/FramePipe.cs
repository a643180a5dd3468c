using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SwarmPool.Runtime.Backends;

/// <summary>What a frame is about.</summary>
internal enum FrameKind : byte
{
    None = 0,

    // To the backend's process.
    Compose,
    Describe,
    Load,
    Unload,
    Run,
    Stream,
    Open,
    Encode,
    Begin,
    Append,
    Score,
    Next,
    Close,
    Cancel,
    Ping,

    // From it.
    Result,
    Failed,
    Cancelled,
    Progress,
    Log,
    Pong,
}

/// <summary>A message: what it is about, which call it belongs to, JSON, and bytes.</summary>
internal readonly record struct Frame(FrameKind Kind, int Call, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether its body is where the call wanted it.</summary>
    public bool IsPlaced { get; init; }
}

/// <summary>
/// Frames between the miner and a backend's process: 13 bytes (kind, call, the lengths of head and body, little-endian), head, body. Each part
/// has a bound, whoever writes at the other end.
/// </summary>
/// <remarks>One thread may read while any write. Blocks: whoever waits too long ends the process.</remarks>
/// <param name="input">Where frames come from; buffered.</param>
/// <param name="output">Where they go.</param>
/// <param name="mostBodyBytes">The most bytes of a body that is read.</param>
internal sealed class FramePipe(BufferedStream input, Stream output, int mostBodyBytes)
{
    /// <summary>The most bytes of a head: the description of 256 models, and room.</summary>
    public const int MostHeadBytes = 4 << 20;

    /// <summary>The most bytes of an answer's body: what the largest vocabulary's logits have, and more than a pool takes as an output.</summary>
    public const int MostAnswerBytes = 256 << 20;

    /// <summary>The most bytes of a request's body: those of the largest input that a miner may be set to take.</summary>
    public const int MostRequestBytes = 1 << 30;

    private const int Header = 13;
    /// <summary>What is read or written at once.</summary>
    public const int Together = 64 * 1024;

    private readonly Lock gate = new();
    private readonly byte[] header = new byte[Header];

    /// <summary>The next frame; null at the end.</summary>
    /// <param name="into">Where the body of a call's frame goes that has so many bytes, if it has a place; then the frame has no body. May be null.</param>
    /// <exception cref="InvalidDataException">It is no frame, or larger than one may be.</exception>
    /// <exception cref="IOException">The other end is gone.</exception>
    public Frame? Read(Func<int, int, float[]?>? into = null)
    {
        var got = input.ReadAtLeast(header, Header, throwOnEndOfStream: false);
        if (got == 0)
        {
            return null;
        }

        if (got < Header)
        {
            throw new EndOfStreamException("The other end is closed.");
        }

        var kind = (FrameKind)header[0];
        var call = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1));
        var (head, body) = (BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(5)), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(9)));
        if (kind == FrameKind.None || !Enum.IsDefined(kind))
        {
            throw new InvalidDataException("it is no frame");
        }

        if (head is < 0 or > MostHeadBytes || body < 0 || body > mostBodyBytes)
        {
            throw new InvalidDataException($"a frame has {(uint)head} and {(uint)body} bytes; {MostHeadBytes} and {mostBodyBytes} are the most");
        }

        var json = ReadBytes(head);
        if (kind == FrameKind.Result && body > 0 && into?.Invoke(call, body) is { } place)
        {
            input.ReadExactly(MemoryMarshal.AsBytes(place.AsSpan()));
            return new Frame(kind, call, json, default) { IsPlaced = true };
        }

        return new Frame(kind, call, json, ReadBytes(body));
    }

    /// <summary>Writes a frame as a whole.</summary>
    /// <exception cref="IOException">The other end is gone.</exception>
    /// <exception cref="InvalidDataException">It is larger than one may be.</exception>
    public void Write(FrameKind kind, int call, ReadOnlySpan<byte> head = default, ReadOnlySpan<byte> body = default)
    {
        if (head.Length > MostHeadBytes)
        {
            throw new InvalidDataException($"A head of {head.Length} bytes is more than {MostHeadBytes}.");
        }

        // One write for what is small, so that the other end is woken once.
        var first = new byte[Header + head.Length + (body.Length <= Together ? body.Length : 0)];
        first[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(first.AsSpan(1), call);
        BinaryPrimitives.WriteInt32LittleEndian(first.AsSpan(5), head.Length);
        BinaryPrimitives.WriteInt32LittleEndian(first.AsSpan(9), body.Length);
        head.CopyTo(first.AsSpan(Header));
        if (body.Length <= Together)
        {
            body.CopyTo(first.AsSpan(Header + head.Length));
            body = default;
        }

        lock (gate)
        {
            output.Write(first);
            output.Write(body);
            output.Flush();
        }
    }

    // A length is believed as far as bytes come.
    private byte[] ReadBytes(int count)
    {
        if (count == 0)
        {
            return [];
        }

        var bytes = GC.AllocateUninitializedArray<byte>(Math.Min(count, 1 << 20));
        for (var read = 0; ;)
        {
            input.ReadExactly(bytes, read, bytes.Length - read);
            read = bytes.Length;
            if (read == count)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(count, (long)read * 4));
        }
    }
}
