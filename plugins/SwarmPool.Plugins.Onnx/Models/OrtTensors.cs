using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using BFloat16 = SwarmPool.ModelSteps.BFloat16;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>Tensors as ONNX Runtime has them.</summary>
internal static class OrtTensors
{
    private static readonly Dictionary<TensorType, TensorElementType> Elements = new()
    {
        [TensorType.Float32] = TensorElementType.Float,
        [TensorType.Float64] = TensorElementType.Double,
        [TensorType.Float16] = TensorElementType.Float16,
        [TensorType.BFloat16] = TensorElementType.BFloat16,
        [TensorType.Int8] = TensorElementType.Int8,
        [TensorType.UInt8] = TensorElementType.UInt8,
        [TensorType.Int16] = TensorElementType.Int16,
        [TensorType.UInt16] = TensorElementType.UInt16,
        [TensorType.Int32] = TensorElementType.Int32,
        [TensorType.UInt32] = TensorElementType.UInt32,
        [TensorType.Int64] = TensorElementType.Int64,
        [TensorType.UInt64] = TensorElementType.UInt64,
        [TensorType.Bool] = TensorElementType.Bool,
        [TensorType.String] = TensorElementType.String,
    };

    private static readonly Dictionary<TensorElementType, TensorType> Types = Elements.ToDictionary(static pair => pair.Value, static pair => pair.Key);

    public static TensorElementType ElementOf(TensorType type) => Elements[type];

    /// <summary>Null for what manifests can't name: complex numbers, and those of 4 or 8 bits.</summary>
    public static TensorType? TypeOf(TensorElementType element) => Types.TryGetValue(element, out var type) ? type : null;

    /// <summary>Bytes an element; of a string those of the reference to it.</summary>
    public static int Size(TensorType type) => type switch
    {
        TensorType.Int8 or TensorType.UInt8 or TensorType.Bool => 1,
        TensorType.Float16 or TensorType.BFloat16 or TensorType.Int16 or TensorType.UInt16 => 2,
        TensorType.Float32 or TensorType.Int32 or TensorType.UInt32 => 4,
        _ => 8,
    };

    /// <summary>The bytes of all tensors together, their texts' too.</summary>
    public static long Bytes(IEnumerable<ModelTensor> tensors) => tensors.Sum(static tensor =>
        (tensor.Data.LongLength * Size(tensor.Type)) + (tensor.Data is string[] texts ? texts.Sum(static text => 2L * text.Length) : 0));

    /// <summary>Copies of what ONNX Runtime gave, when all of it is no more than allowed.</summary>
    /// <exception cref="InferenceException">It is more: nothing was copied.</exception>
    public static Dictionary<string, ModelTensor> Read(IReadOnlyList<string> names, IReadOnlyList<OrtValue> values, long maxBytes)
    {
        CheckBytes(values, maxBytes);
        return names.Zip(values).ToDictionary(static pair => pair.First, static pair => Copy(pair.Second), StringComparer.Ordinal);
    }

    /// <summary>That all of what ONNX Runtime gave is no more than allowed.</summary>
    /// <exception cref="InferenceException">It is more.</exception>
    public static void CheckBytes(IReadOnlyList<OrtValue> values, long maxBytes)
    {
        var bytes = 0L;
        foreach (var value in values)
        {
            var info = value.GetTensorTypeAndShape();
            bytes += info.ElementCount * (TypeOf(info.ElementDataType) is { } type ? Size(type) : 1);
            for (var i = 0L; info.ElementDataType == TensorElementType.String && bytes <= maxBytes && i < info.ElementCount; i++)
            {
                bytes += value.GetStringElementAsSpan((int)i).Length;
            }
        }

        if (bytes > maxBytes)
        {
            throw OnnxFault.Refuse(OnnxFault.OutputTooLarge, $"The model's outputs have more than {maxBytes} bytes (max_tensor_bytes). Send a smaller input, or allow more.");
        }
    }

    /// <summary>Numbers as floats: ONNX Runtime's own memory where they are, readable until the value is disposed of.</summary>
    /// <exception cref="InferenceException">They are texts.</exception>
    public static ReadOnlySpan<float> Floats(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.Float => value.GetTensorDataAsSpan<float>(),
        TensorElementType.String => throw new InferenceException("The model gave texts where numbers are needed."),
        _ => Copy(value).ToFloats(),
    };

    /// <summary>A tensor of the smallest shape, every element the same number.</summary>
    public static ModelTensor Filled(TensorSpec spec, double value)
    {
        var count = (int)spec.SmallestCount;
        return new ModelTensor(spec.SmallestShape, spec.Type switch
        {
            TensorType.Float32 => Fill(count, (float)value),
            TensorType.Float64 => Fill(count, value),
            TensorType.Float16 => Fill(count, (Half)value),
            TensorType.BFloat16 => Fill(count, BFloat16.From((float)value)),
            TensorType.Int8 => Fill(count, (sbyte)value),
            TensorType.UInt8 => Fill(count, (byte)value),
            TensorType.Int16 => Fill(count, (short)value),
            TensorType.UInt16 => Fill(count, (ushort)value),
            TensorType.Int32 => Fill(count, (int)value),
            TensorType.UInt32 => Fill(count, (uint)value),
            TensorType.Int64 => Fill(count, (long)value),
            TensorType.UInt64 => Fill(count, (ulong)value),
            TensorType.Bool => Fill(count, value != 0),
            _ => throw new InvalidOperationException("A text is no number."),
        });
    }

    private static T[] Fill<T>(int count, T value)
    {
        var data = new T[count];
        Array.Fill(data, value);
        return data;
    }

    private static ModelTensor Copy(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return new ModelTensor(info.Shape, TypeOf(info.ElementDataType) switch
        {
            TensorType.Float32 => Copy<float>(value),
            TensorType.Float64 => Copy<double>(value),
            TensorType.Float16 => Copy<Half>(value),
            TensorType.BFloat16 => Copy<BFloat16>(value),
            TensorType.Int8 => Copy<sbyte>(value),
            TensorType.UInt8 => Copy<byte>(value),
            TensorType.Int16 => Copy<short>(value),
            TensorType.UInt16 => Copy<ushort>(value),
            TensorType.Int32 => Copy<int>(value),
            TensorType.UInt32 => Copy<uint>(value),
            TensorType.Int64 => Copy<long>(value),
            TensorType.UInt64 => Copy<ulong>(value),
            TensorType.Bool => Array.ConvertAll(Copy<byte>(value), static one => one != 0),
            TensorType.String => value.GetStringTensorAsArray(),
            _ => throw new InferenceException($"The model gave a tensor of {info.ElementDataType}, which can't be read."),
        });
    }

    private static T[] Copy<T>(OrtValue value)
        where T : struct => MemoryMarshal.Cast<byte, T>(value.GetTensorMutableRawData()).ToArray();
}
