namespace SwarmPool.Tools.Sums.Gguf;

/// <summary>How a file keeps its matrices; what only scales stays as it is.</summary>
public enum GgufPrecision
{
    /// <summary>16-bit floating point (ggml type 1, file type 1).</summary>
    F16 = 1,

    /// <summary>Blocks of 32 with 4 bits each and a 16-bit scale (ggml type 2, file type 2).</summary>
    Q4,
}
