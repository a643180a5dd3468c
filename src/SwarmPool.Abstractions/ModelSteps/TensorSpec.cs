namespace SwarmPool.ModelSteps;

/// <summary>An input or output of a model as its manifest declares it. Immutable.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Type">What its elements are.</param>
/// <param name="Shape">Its dimensions; -1 where the model leaves one open.</param>
public sealed record TensorSpec(string Name, TensorType Type, IReadOnlyList<int> Shape)
{
    /// <summary>The shape with every open dimension 1.</summary>
    public long[] SmallestShape => [.. Shape.Select(static dimension => (long)Math.Max(dimension, 1))];

    /// <summary>How many elements the smallest shape has.</summary>
    public long SmallestCount => SmallestShape.Aggregate(1L, static (product, dimension) => checked(product * dimension));

    /// <summary>Whether a shape is one that this allows: as many dimensions, each at least 1 and as declared.</summary>
    /// <param name="shape">The shape.</param>
    public bool Allows(IReadOnlyList<long> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Count == Shape.Count && shape.Zip(Shape).All(static pair => pair.Second == -1 ? pair.First >= 1 : pair.First == pair.Second);
    }

    /// <summary>E.g. "float32[n,1,16,16]".</summary>
    public override string ToString() =>
        $"{TypeName(Type)}[{string.Join(',', Shape.Select(static d => d == -1 ? "n" : FormattableString.Invariant($"{d}")))}]";

    /// <summary>A type as manifests write it, e.g. "float32".</summary>
    /// <param name="type">The type.</param>
    public static string TypeName(TensorType type) => type switch
    {
        TensorType.BFloat16 => "bfloat16",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>The types by the names that manifests write.</summary>
    public static IReadOnlyDictionary<string, TensorType> TypesByName { get; } =
        Enum.GetValues<TensorType>().ToDictionary(TypeName, StringComparer.Ordinal);
}
