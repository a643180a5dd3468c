namespace SwarmPool.Protocol.Errors;

/// <content>Those of inference backends and their models.</content>
public static partial class ErrorCodes
{
    /// <summary>SP5111: A model is written in a file version, an opset, an operator or an operator's type that the runtime does not have.</summary>
    public const string ModelOpsetUnsupported = "SP5111";

    /// <summary>SP5112: The device can't run a model: one of its operators has no kernel there, or the device's provider doesn't start.</summary>
    public const string ModelDeviceUnsupported = "SP5112";

    /// <summary>SP5113: A model's file is damaged, or is not what its manifest says.</summary>
    public const string ModelUnloadable = "SP5113";

    /// <summary>SP5114: A run would take more memory, or gives more, than the miner allows (<c>max_memory_bytes</c>, <c>max_tensor_bytes</c>, <c>max_output_bytes</c>).</summary>
    public const string ModelOutputTooLarge = "SP5114";
}
