namespace SwarmPool.Plugins.Onnx;

/// <summary>What models are run on.</summary>
public enum OnnxDevice
{
    /// <summary>CUDA when a GPU and a CUDA build of ONNX Runtime are usable, else the CPU. The log says which and why.</summary>
    Auto = 0,

    /// <summary>CUDA, or a failure at start that says what is missing.</summary>
    Cuda,

    /// <summary>The CPU.</summary>
    Cpu,
}
