using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>Numbers with a shape. <see cref="Data"/> is a float[], long[] or int[], row-major.</summary>
internal sealed record ModelTensor(long[] Shape, Array Data)
{
    /// <summary>A view for ONNX Runtime; it pins the data until it is disposed.</summary>
    public OrtValue ToOrtValue() => Data switch
    {
        float[] floats => OrtValue.CreateTensorValueFromMemory(floats, Shape),
        long[] longs => OrtValue.CreateTensorValueFromMemory(longs, Shape),
        int[] ints => OrtValue.CreateTensorValueFromMemory(ints, Shape),
        _ => throw new InvalidOperationException($"A tensor of {Data.GetType()} can't be made."),
    };

    /// <summary>A copy of what ONNX Runtime gave.</summary>
    public static ModelTensor From(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return new ModelTensor(info.Shape, info.ElementDataType switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
            TensorElementType.Int32 => value.GetTensorDataAsSpan<int>().ToArray(),
            _ => throw new InvalidOperationException($"A tensor of {info.ElementDataType} can't be read."),
        });
    }

    /// <summary>The values as floats.</summary>
    public float[] ToFloats() => Data switch
    {
        float[] floats => floats,
        long[] longs => Array.ConvertAll(longs, value => (float)value),
        int[] ints => Array.ConvertAll(ints, value => (float)value),
        _ => throw new InvalidOperationException($"A tensor of {Data.GetType()} can't be read."),
    };
}
