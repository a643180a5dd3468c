using System.Buffers.Binary;

namespace SwarmPool.Plugins.Onnx.Weights;

/// <summary>One field of a protobuf message.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Value">Its value, when it is a number; how many bytes it has, when it is bytes.</param>
/// <param name="Content">Its bytes: a text or an inner message. Empty for numbers.</param>
/// <param name="IsBytes">Whether it is bytes.</param>
/// <param name="Start">Where it begins in the message.</param>
/// <param name="Whole">All of it, tag and length too.</param>
internal readonly record struct WireField(uint Number, ulong Value, ReadOnlyMemory<byte> Content, bool IsBytes, int Start, ReadOnlyMemory<byte> Whole);

/// <summary>Goes through the fields of a protobuf message, as lenient as protobuf's own readers are.</summary>
/// <remarks>Source: protobuf encoding guide. Groups, which ONNX has none of, are refused.</remarks>
internal struct WireReader(ReadOnlyMemory<byte> message)
{
    private int at;

    /// <exception cref="InvalidDataException">This is no protobuf message.</exception>
    public bool Next(out WireField field)
    {
        field = default;
        if (at == message.Length)
        {
            return false;
        }

        var start = at;
        var tag = (uint)Varint();
        var (value, size) = (tag & 7) switch
        {
            0 => (Varint(), 0),
            1 => (BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span), 0),
            2 when Varint() is var length && length <= int.MaxValue => (length, (int)length),
            5 => (BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span), 0),
            _ => throw Broken(),
        };
        if (tag >> 3 == 0)
        {
            throw Broken();
        }

        var content = Take(size);
        field = new WireField(tag >> 3, value, content, (tag & 7) == 2, start, message[start..at]);
        return true;
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count > message.Length - at)
        {
            throw Broken();
        }

        at += count;
        return message.Slice(at - count, count);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Take(1).Span[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Broken();
    }

    private static InvalidDataException Broken() => new("it is damaged, or no ONNX file");
}
