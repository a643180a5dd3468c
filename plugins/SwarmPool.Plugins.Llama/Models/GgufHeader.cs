using System.Buffers.Binary;
using System.Text;

namespace SwarmPool.Plugins.Llama.Models;

/// <summary>
/// What a GGUF file says of itself, read as data before native code sees the file: its counts and lengths lie within it, and so does each
/// of its tensors.
/// </summary>
/// <remarks>Source: docs/gguf.md of ggml. Versions 2 and 3, little-endian.</remarks>
internal sealed class GgufHeader
{
    private const ulong MostEntries = 1 << 20;
    private const ulong LongestName = 1 << 16;
    private const ulong LargestTensor = 1UL << 46;

    private readonly Stream file;
    private readonly byte[] word = new byte[8];
    private readonly Dictionary<string, ulong> numbers = new(StringComparer.Ordinal);

    private GgufHeader(Stream file) => this.file = file;

    /// <summary>The kind of model, e.g. "llama".</summary>
    public string Architecture { get; private set; } = "";

    /// <summary>The context that it was made for, in tokens; 0 when it doesn't say.</summary>
    public int ContextLength => (int)Math.Min(int.MaxValue, numbers.GetValueOrDefault($"{Architecture}.context_length"));

    /// <exception cref="InvalidDataException">It is no GGUF file, or not a whole one; the message says where it is wrong.</exception>
    public static GgufHeader Read(Stream file)
    {
        var header = new GgufHeader(file);
        try
        {
            header.Read();
            return header;
        }
        catch (EndOfStreamException end)
        {
            throw new InvalidDataException("it ends within its header", end);
        }
    }

    private void Read()
    {
        if (U32() != 0x46554747)
        {
            throw new InvalidDataException("it is no GGUF file");
        }

        var version = U32();
        if (version is not (2 or 3))
        {
            throw new InvalidDataException($"it is GGUF version {version}; 2 and 3 can be read");
        }

        var (tensors, entries) = (Count("tensors"), Count("entries"));
        for (var i = 0UL; i < entries; i++)
        {
            ReadEntry();
        }

        if (Architecture.Length == 0)
        {
            throw new InvalidDataException("it doesn't say what model it is (general.architecture)");
        }

        var alignment = numbers.GetValueOrDefault("general.alignment", 32UL);
        if (alignment is 0 or > 1 << 20 || alignment % 8 != 0)
        {
            throw new InvalidDataException($"its alignment is {alignment}");
        }

        var places = new List<(string Name, ulong Offset, ulong Bytes)>();
        for (var i = 0UL; i < tensors; i++)
        {
            places.Add(ReadTensor(alignment));
        }

        var start = ((ulong)file.Position + alignment - 1) / alignment * alignment;
        var length = (ulong)file.Length;
        foreach (var (name, offset, bytes) in places)
        {
            if (start > length || offset > length - start || bytes > length - start - offset)
            {
                throw new InvalidDataException($"tensor \"{name}\" ends beyond the file, which has {length} bytes");
            }
        }
    }

    private void ReadEntry()
    {
        var key = Text(LongestName);
        var type = U32();
        if (type == 8 && key == "general.architecture")
        {
            Architecture = Text(LongestName);
        }
        else if (type is 4 or 5 or 10 or 11)
        {
            numbers[key] = type is 4 or 5 ? U32() : U64();
        }
        else
        {
            Skip(key, type, inArray: false);
        }
    }

    private (string Name, ulong Offset, ulong Bytes) ReadTensor(ulong alignment)
    {
        var name = Text(LongestName);
        var dimensions = U32();
        if (dimensions is 0 or > 4)
        {
            throw new InvalidDataException($"tensor \"{name}\" has {dimensions} dimensions");
        }

        var count = 1UL;
        for (var i = 0; i < dimensions; i++)
        {
            var size = U64();
            if (size == 0 || size > LargestTensor || count > LargestTensor / size)
            {
                throw new InvalidDataException($"tensor \"{name}\" has a dimension of {size}");
            }

            count *= size;
        }

        var type = U32();
        var offset = U64();
        var bytes = GgmlTypes.BytesOf(type, count) ?? throw new InvalidDataException($"tensor \"{name}\" has {count} numbers of type {type}, which there is not");
        return offset % alignment == 0 ? (name, offset, bytes) : throw new InvalidDataException($"tensor \"{name}\" lies at {offset}, which isn't aligned");
    }

    private void Skip(string key, uint type, bool inArray)
    {
        switch (type)
        {
            case 0 or 1 or 7: Pass(key, 1); break;
            case 2 or 3: Pass(key, 2); break;
            case 4 or 5 or 6: Pass(key, 4); break;
            case 10 or 11 or 12: Pass(key, 8); break;
            case 8: Pass(key, U64()); break;
            case 9 when !inArray: SkipArray(key); break;
            default: throw new InvalidDataException($"entry \"{key}\" has a value of type {type}, which there is not");
        }
    }

    private void SkipArray(string key)
    {
        var (type, count) = (U32(), U64());
        var size = type switch { 0 or 1 or 7 => 1UL, 2 or 3 => 2UL, 4 or 5 or 6 => 4UL, 10 or 11 or 12 => 8UL, _ => 0UL };
        if (count > (ulong)file.Length)
        {
            throw new InvalidDataException($"entry \"{key}\" has {count} values, more than the file has bytes");
        }

        if (size > 0)
        {
            Pass(key, count * size);
            return;
        }

        for (var i = 0UL; i < count; i++)
        {
            Skip(key, type, inArray: true);
        }
    }

    private void Pass(string key, ulong bytes)
    {
        if (bytes > (ulong)(file.Length - file.Position))
        {
            throw new InvalidDataException($"entry \"{key}\" ends beyond the file");
        }

        file.Seek((long)bytes, SeekOrigin.Current);
    }

    private ulong Count(string what)
    {
        var count = U64();
        return count <= MostEntries ? count : throw new InvalidDataException($"it says that it has {count} {what}");
    }

    private string Text(ulong longest)
    {
        var length = U64();
        if (length > longest || length > (ulong)(file.Length - file.Position))
        {
            throw new InvalidDataException($"a name in it has {length} bytes");
        }

        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private uint U32()
    {
        file.ReadExactly(word, 0, 4);
        return BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    private ulong U64()
    {
        file.ReadExactly(word, 0, 8);
        return BinaryPrimitives.ReadUInt64LittleEndian(word);
    }
}
