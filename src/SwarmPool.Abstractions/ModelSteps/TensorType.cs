namespace SwarmPool.ModelSteps;

/// <summary>What the elements of a tensor are. Manifests name them in lower case, e.g. "float32"; <see cref="String"/> is "string".</summary>
public enum TensorType
{
    /// <summary>IEEE 754 binary32; a <c>float[]</c>.</summary>
    Float32,

    /// <summary>IEEE 754 binary64; a <c>double[]</c>.</summary>
    Float64,

    /// <summary>IEEE 754 binary16; a <c>Half[]</c>.</summary>
    Float16,

    /// <summary>The upper half of a binary32; a <c>BFloat16[]</c>.</summary>
    BFloat16,

    /// <summary>A <c>sbyte[]</c>.</summary>
    Int8,

    /// <summary>A <c>byte[]</c>.</summary>
    UInt8,

    /// <summary>A <c>short[]</c>.</summary>
    Int16,

    /// <summary>A <c>ushort[]</c>.</summary>
    UInt16,

    /// <summary>An <c>int[]</c>.</summary>
    Int32,

    /// <summary>A <c>uint[]</c>.</summary>
    UInt32,

    /// <summary>A <c>long[]</c>.</summary>
    Int64,

    /// <summary>A <c>ulong[]</c>.</summary>
    UInt64,

    /// <summary>A <c>bool[]</c>.</summary>
    Bool,

    /// <summary>A <c>string[]</c>.</summary>
    String,
}
