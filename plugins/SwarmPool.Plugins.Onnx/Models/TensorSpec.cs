using Microsoft.ML.OnnxRuntime.Tensors;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>An input or output as model.json declares it.</summary>
/// <param name="Name">Its name in the ONNX graph.</param>
/// <param name="Type">float32, int64 or int32.</param>
/// <param name="Shape">Its dimensions; -1 where the model leaves one open.</param>
internal sealed record TensorSpec(string Name, TensorElementType Type, IReadOnlyList<int> Shape)
{
    /// <summary>The shape with every open dimension 1.</summary>
    public long[] SmallestShape => [.. Shape.Select(dimension => (long)Math.Max(dimension, 1))];

    /// <summary>How many numbers the smallest shape holds.</summary>
    public long SmallestCount => SmallestShape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>Whether a shape is one that this allows.</summary>
    public bool Allows(IReadOnlyList<long> shape) =>
        shape.Count == Shape.Count && shape.Zip(Shape).All(pair => pair.Second == -1 ? pair.First >= 1 : pair.First == pair.Second);

    /// <summary>A tensor of the smallest shape, every element the same.</summary>
    public ModelTensor Filled(double value) => Type switch
    {
        TensorElementType.Float => new ModelTensor(SmallestShape, Fill((float)value)),
        TensorElementType.Int64 => new ModelTensor(SmallestShape, Fill((long)value)),
        _ => new ModelTensor(SmallestShape, Fill((int)value)),
    };

    /// <summary>E.g. "float32[n,1,16,16]".</summary>
    public override string ToString() => $"{TypeName(Type)}[{string.Join(',', Shape.Select(d => d == -1 ? "n" : FormattableString.Invariant($"{d}")))}]";

    public static string TypeName(TensorElementType type) => type switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.Int64 => "int64",
        TensorElementType.Int32 => "int32",
        _ => type.ToString(),
    };

    private T[] Fill<T>(T value)
    {
        var data = new T[SmallestCount];
        Array.Fill(data, value);
        return data;
    }
}
