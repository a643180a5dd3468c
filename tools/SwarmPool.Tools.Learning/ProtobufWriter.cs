using System.Buffers.Binary;
using System.Text;

namespace SwarmPool.Tools.Learning;

/// <summary>Writes the few protobuf forms that an ONNX file needs.</summary>
/// <remarks>Source: protobuf encoding guide (varint = wire type 0, length-delimited = 2).</remarks>
public sealed class ProtobufWriter
{
    private readonly List<byte> target = [];

    /// <summary>A whole number (a negative one takes ten bytes).</summary>
    public ProtobufWriter Int(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    /// <summary>A text, in UTF-8.</summary>
    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Numbers as raw little-endian bytes.</summary>
    public ProtobufWriter Floats(int field, float[] values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return Bytes(field, bytes);
    }

    /// <summary>Numbers as raw little-endian bytes.</summary>
    public ProtobufWriter Longs(int field, long[] values)
    {
        var bytes = new byte[values.Length * sizeof(long)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return Bytes(field, bytes);
    }

    /// <summary>A number of 32 bits (wire type 5).</summary>
    public ProtobufWriter Float(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        target.AddRange(bytes);
        return this;
    }

    /// <summary>A message within this one.</summary>
    public ProtobufWriter Message(int field, ProtobufWriter message) => Bytes(field, message.ToArray());

    /// <summary>What was written.</summary>
    public byte[] ToArray() => target.ToArray();

    private ProtobufWriter Bytes(int field, byte[] value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        target.AddRange(value);
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.Add((byte)(value | 0x80));
        }

        target.Add((byte)value);
    }
}
