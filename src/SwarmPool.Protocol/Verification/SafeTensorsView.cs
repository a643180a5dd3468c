using System.Buffers.Binary;
using System.Text.Json;
using SwarmPool.Files;

namespace SwarmPool.Protocol.Verification;

/// <summary>A tensor in a safetensors file.</summary>
/// <param name="Type">Its type, e.g. "F32".</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Bytes">Its numbers.</param>
internal sealed record SafeTensor(string Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes);

/// <summary>The tensors of a safetensors file: eight bytes of the header's length, the header in JSON, the numbers, little-endian.</summary>
/// <remarks>Source: safetensors format specification (Hugging Face).</remarks>
internal static class SafeTensorsView
{
    private const int HeaderAt = 8;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    private static readonly Dictionary<string, int> Sizes = new(StringComparer.Ordinal)
    {
        ["F64"] = 8,
        ["F32"] = 4,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I64"] = 8,
        ["I32"] = 4,
        ["I16"] = 2,
        ["I8"] = 1,
        ["U64"] = 8,
        ["U32"] = 4,
        ["U16"] = 2,
        ["U8"] = 1,
        ["BOOL"] = 1,
    };

    /// <summary>Whether it begins as one.</summary>
    public static bool IsOne(ReadOnlySpan<byte> file) =>
        file.Length > HeaderAt && BinaryPrimitives.ReadUInt64LittleEndian(file) is > 1 and var length && length <= (ulong)(file.Length - HeaderAt) && file[HeaderAt] == (byte)'{';

    /// <summary>Reads one that <see cref="IsOne"/>; says what is wrong, or null.</summary>
    public static string? Read(ReadOnlyMemory<byte> file, out SortedDictionary<string, SafeTensor> tensors)
    {
        tensors = new(StringComparer.Ordinal);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        var numbers = file[(HeaderAt + length)..];
        try
        {
            using var header = TextFile.ParseJson(file.Slice(HeaderAt, length), Strict);
            foreach (var member in header.RootElement.EnumerateObject().Where(static member => member.Name != "__metadata__"))
            {
                if (Tensor(member.Value, numbers) is not { } tensor)
                {
                    return "a tensor of the output doesn't fit its header";
                }

                tensors.Add(member.Name, tensor);
            }

            return null;
        }
        catch (JsonException)
        {
            return "the header of the output's tensors is not JSON";
        }
    }

    public static bool Compare(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other, OutputTolerance tolerance, OutputMeasures measures)
    {
        var wrong = Read(one, out var left);
        if ((Read(other, out var right) ?? wrong) is { } problem)
        {
            return measures.Differ(problem);
        }

        if (!left.Keys.SequenceEqual(right.Keys, StringComparer.Ordinal))
        {
            return measures.Differ("they have different tensors");
        }

        foreach (var (name, tensor) in left)
        {
            var its = right[name];
            if (tensor.Type != its.Type || !tensor.Shape.SequenceEqual(its.Shape))
            {
                return measures.Differ("a tensor has another type or shape");
            }

            if (!Each(tensor, its, tolerance, measures))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Each(SafeTensor one, SafeTensor other, OutputTolerance tolerance, OutputMeasures measures)
    {
        var size = Sizes[one.Type];
        for (var at = 0; at < one.Bytes.Length; at += size)
        {
            var (left, right) = (Number(one.Type, one.Bytes.Span[at..]), Number(other.Type, other.Bytes.Span[at..]));
            measures.Distance(left, right);
            if (!tolerance.IsNear(left, right))
            {
                return measures.Differ(FormattableString.Invariant($"a tensor is {left} at place {at / size} in one and {right} in the other"));
            }
        }

        return true;
    }

    private static SafeTensor? Tensor(JsonElement value, ReadOnlyMemory<byte> numbers)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("dtype", out var type) || type.ValueKind != JsonValueKind.String || !Sizes.TryGetValue(type.GetString()!, out var size)
            || !value.TryGetProperty("shape", out var shape) || Whole(shape) is not { } dimensions
            || !value.TryGetProperty("data_offsets", out var offsets) || Whole(offsets) is not [var from, var to] || to < from || to > numbers.Length)
        {
            return null;
        }

        var bytes = (decimal)size;
        foreach (var dimension in dimensions)
        {
            bytes *= dimension;
            if (bytes > numbers.Length)
            {
                return null;
            }
        }

        return bytes == to - from ? new SafeTensor(type.GetString()!, dimensions, numbers[(int)from..(int)to]) : null;
    }

    private static long[]? Whole(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > 64)
        {
            return null;
        }

        var read = new long[list.GetArrayLength()];
        var count = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out read[count]) || read[count++] < 0)
            {
                return null;
            }
        }

        return read;
    }

    // 64-bit integers beyond 2^53 lose digits here: a difference of those is none that a tolerance is about.
    private static double Number(string type, ReadOnlySpan<byte> bytes) => type switch
    {
        "F64" => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "F16" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        "BF16" => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        "I64" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        "I32" => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        "I16" => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        "I8" => (sbyte)bytes[0],
        "U64" => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        "U32" => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        "U16" => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        _ => bytes[0],
    };
}
