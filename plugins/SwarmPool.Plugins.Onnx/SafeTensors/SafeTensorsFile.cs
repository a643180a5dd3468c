using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.SafeTensors;

/// <summary>
/// Tensors as raw little-endian numbers beside JSON, in one file: eight bytes of the JSON's length, the JSON (type, shape and place of each), the
/// numbers.
/// </summary>
/// <remarks>Source: safetensors format specification (Hugging Face, README of the project). It has no strings.</remarks>
internal static class SafeTensorsFile
{
    public static readonly IReadOnlyDictionary<TensorType, string> Names = new Dictionary<TensorType, string>
    {
        [TensorType.Float64] = "F64",
        [TensorType.Float32] = "F32",
        [TensorType.Float16] = "F16",
        [TensorType.BFloat16] = "BF16",
        [TensorType.Int64] = "I64",
        [TensorType.Int32] = "I32",
        [TensorType.Int16] = "I16",
        [TensorType.Int8] = "I8",
        [TensorType.UInt64] = "U64",
        [TensorType.UInt32] = "U32",
        [TensorType.UInt16] = "U16",
        [TensorType.UInt8] = "U8",
        [TensorType.Bool] = "BOOL",
    };

    /// <summary>A tensor's bytes, little-endian.</summary>
    public static Span<byte> Bytes(Array data)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Raw tensors are written and read on little-endian machines alone.");
        }

        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(data), checked((int)(data.LongLength * ElementSize(data))));
    }

    private static int ElementSize(Array data) => data switch
    {
        Half[] or BFloat16[] => 2,
        _ => Buffer.ByteLength(data) / Math.Max(1, data.Length),
    };

    /// <summary>An empty array for so many elements.</summary>
    public static Array Make(TensorType type, int count) => type switch
    {
        TensorType.Float64 => new double[count],
        TensorType.Float32 => new float[count],
        TensorType.Float16 => new Half[count],
        TensorType.BFloat16 => new BFloat16[count],
        TensorType.Int64 => new long[count],
        TensorType.Int32 => new int[count],
        TensorType.Int16 => new short[count],
        TensorType.Int8 => new sbyte[count],
        TensorType.UInt64 => new ulong[count],
        TensorType.UInt32 => new uint[count],
        TensorType.UInt16 => new ushort[count],
        TensorType.UInt8 => new byte[count],
        TensorType.Bool => new bool[count],
        _ => throw new InvalidOperationException("Texts have no raw form."),
    };

    /// <summary>The JSON's length, as the file begins.</summary>
    public static byte[] Length(int json)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json);
        return length;
    }

    public static int Size(TensorType type) => OrtTensors.Size(type);
}
