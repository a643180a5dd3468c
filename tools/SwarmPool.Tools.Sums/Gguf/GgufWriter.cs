using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SwarmPool.Tools.Sums.Gguf;

/// <summary>Writes a GGUF file, version 3: a header of keys and tensors, then the tensors, each on a multiple of 32 bytes.</summary>
/// <remarks>Source: ggml's description of the format (docs/gguf.md).</remarks>
internal sealed class GgufWriter
{
    private const int Alignment = 32;
    private const int TypeUInt32 = 4;
    private const int TypeInt32 = 5;
    private const int TypeFloat32 = 6;
    private const int TypeBool = 7;
    private const int TypeString = 8;
    private const int TypeArray = 9;

    private readonly ArrayBufferWriter<byte> keys = new();
    private readonly ArrayBufferWriter<byte> tensors = new();
    private readonly ArrayBufferWriter<byte> data = new();
    private int keyCount;
    private int tensorCount;

    public GgufWriter Text(string key, string value)
    {
        Key(key, TypeString);
        Text(keys, value);
        return this;
    }

    public GgufWriter Number(string key, int value)
    {
        Key(key, TypeUInt32);
        Int(keys, value);
        return this;
    }

    public GgufWriter Number(string key, float value)
    {
        Key(key, TypeFloat32);
        Int(keys, BitConverter.SingleToInt32Bits(value));
        return this;
    }

    public GgufWriter Flag(string key, bool value)
    {
        Key(key, TypeBool);
        keys.Write([value ? (byte)1 : (byte)0]);
        return this;
    }

    public GgufWriter Texts(string key, IReadOnlyList<string> values)
    {
        Array(key, TypeString, values.Count);
        foreach (var value in values)
        {
            Text(keys, value);
        }

        return this;
    }

    public GgufWriter Numbers(string key, IReadOnlyList<float> values)
    {
        Array(key, TypeFloat32, values.Count);
        foreach (var value in values)
        {
            Int(keys, BitConverter.SingleToInt32Bits(value));
        }

        return this;
    }

    public GgufWriter Numbers(string key, IReadOnlyList<int> values)
    {
        Array(key, TypeInt32, values.Count);
        foreach (var value in values)
        {
            Int(keys, value);
        }

        return this;
    }

    /// <summary>A tensor: its numbers a row, its rows (1 for a vector), ggml's type, and its bytes.</summary>
    public GgufWriter Tensor(string name, int width, int rows, int type, ReadOnlySpan<byte> bytes)
    {
        tensorCount++;
        Text(tensors, name);
        Int(tensors, rows > 1 ? 2 : 1);
        Long(tensors, width);
        if (rows > 1)
        {
            Long(tensors, rows);
        }

        Int(tensors, type);
        Long(tensors, data.WrittenCount);
        data.Write(bytes);
        Pad(data);
        return this;
    }

    public byte[] ToArray()
    {
        var target = new ArrayBufferWriter<byte>();
        target.Write("GGUF"u8);
        Int(target, 3);
        Long(target, tensorCount);
        Long(target, keyCount);
        target.Write(keys.WrittenSpan);
        target.Write(tensors.WrittenSpan);
        Pad(target);
        target.Write(data.WrittenSpan);
        return target.WrittenSpan.ToArray();
    }

    private static void Text(ArrayBufferWriter<byte> target, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Long(target, bytes.Length);
        target.Write(bytes);
    }

    private static void Int(ArrayBufferWriter<byte> target, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        target.Write(bytes);
    }

    private static void Long(ArrayBufferWriter<byte> target, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        target.Write(bytes);
    }

    private static void Pad(ArrayBufferWriter<byte> target) => target.Write(new byte[-target.WrittenCount & (Alignment - 1)]);

    private void Array(string key, int of, int count)
    {
        Key(key, TypeArray);
        Int(keys, of);
        Long(keys, count);
    }

    private void Key(string key, int type)
    {
        keyCount++;
        Text(keys, key);
        Int(keys, type);
    }
}
