namespace SwarmPool.ModelSteps;

/// <summary>Elements with a shape, row by row. Not thread-safe for writers; whoever is given one leaves its data as they are.</summary>
public sealed class ModelTensor
{
    /// <summary>Makes a tensor over an array, which it keeps.</summary>
    /// <param name="shape">Its dimensions, each 0 or more; none for a single element.</param>
    /// <param name="data">As many elements as the shape has; an array of one of the types that <see cref="TensorType"/> names.</param>
    /// <exception cref="ArgumentException">The array is of another type or length.</exception>
    public ModelTensor(IReadOnlyList<long> shape, Array data)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(data);
        Type = TypeOf(data) ?? throw new ArgumentException($"A tensor is not made of {data.GetType()}.", nameof(data));
        if (shape.Any(static dimension => dimension < 0) || shape.Aggregate(1L, static (product, dimension) => checked(product * dimension)) != data.Length)
        {
            throw new ArgumentException($"The shape [{string.Join(',', shape)}] does not have {data.Length} elements.", nameof(shape));
        }

        Shape = [.. shape];
        Data = data;
    }

    /// <summary>What the elements are.</summary>
    public TensorType Type { get; }

    /// <summary>The dimensions.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The elements.</summary>
    public Array Data { get; }

    /// <summary>The elements as floats: the array itself when it has them, else a copy. A bool is 0 or 1.</summary>
    /// <exception cref="InvalidOperationException">They are strings.</exception>
    public float[] ToFloats() => Data switch
    {
        float[] values => values,
        double[] values => Array.ConvertAll(values, static value => (float)value),
        Half[] values => Array.ConvertAll(values, static value => (float)value),
        BFloat16[] values => Array.ConvertAll(values, static value => value.ToSingle()),
        bool[] values => Array.ConvertAll(values, static value => value ? 1f : 0f),
        _ => Type switch
        {
            TensorType.Int8 => Array.ConvertAll((sbyte[])Data, static value => (float)value),
            TensorType.UInt8 => Array.ConvertAll((byte[])Data, static value => (float)value),
            TensorType.Int16 => Array.ConvertAll((short[])Data, static value => (float)value),
            TensorType.UInt16 => Array.ConvertAll((ushort[])Data, static value => (float)value),
            TensorType.Int32 => Array.ConvertAll((int[])Data, static value => (float)value),
            TensorType.UInt32 => Array.ConvertAll((uint[])Data, static value => (float)value),
            TensorType.Int64 => Array.ConvertAll((long[])Data, static value => (float)value),
            TensorType.UInt64 => Array.ConvertAll((ulong[])Data, static value => (float)value),
            _ => throw new InvalidOperationException("Texts are no numbers."),
        },
    };

    // By the element type: a pattern such as int[] takes a uint[] too.
    private static TensorType? TypeOf(Array data) => Types.TryGetValue(data.GetType(), out var type) ? type : null;

    private static readonly Dictionary<Type, TensorType> Types = new()
    {
        [typeof(float[])] = TensorType.Float32,
        [typeof(double[])] = TensorType.Float64,
        [typeof(Half[])] = TensorType.Float16,
        [typeof(BFloat16[])] = TensorType.BFloat16,
        [typeof(sbyte[])] = TensorType.Int8,
        [typeof(byte[])] = TensorType.UInt8,
        [typeof(short[])] = TensorType.Int16,
        [typeof(ushort[])] = TensorType.UInt16,
        [typeof(int[])] = TensorType.Int32,
        [typeof(uint[])] = TensorType.UInt32,
        [typeof(long[])] = TensorType.Int64,
        [typeof(ulong[])] = TensorType.UInt64,
        [typeof(bool[])] = TensorType.Bool,
        [typeof(string[])] = TensorType.String,
    };
}
