using System.Buffers.Binary;
using System.Text;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Writes protobuf.</summary>
internal sealed class Proto
{
    private readonly List<byte> target = [];

    public Proto Int(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public Proto Fixed(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        target.AddRange(bytes);
        return this;
    }

    public Proto Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public Proto Message(int field, Proto message) => Bytes(field, message.ToArray());

    public Proto Bytes(int field, byte[] value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        target.AddRange(value);
        return this;
    }

    public byte[] ToArray() => [.. target];

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.Add((byte)(value | 0x80));
        }

        target.Add((byte)value);
    }
}
