using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx;

/// <summary>Faults that have a stable code of their own (docs/errors.md); the message ends with it.</summary>
internal static class OnnxFault
{
    /// <summary>The model's file version, opset or an operator is not one that this runtime has.</summary>
    public const string OpsetUnsupported = "SP5111";

    /// <summary>The device can't run the model.</summary>
    public const string DeviceUnsupported = "SP5112";

    /// <summary>The file is damaged, or isn't what the manifest says.</summary>
    public const string ModelUnloadable = "SP5113";

    /// <summary>The model gave, or set out to make, more than is allowed.</summary>
    public const string OutputTooLarge = "SP5114";

    public static InferenceException Refuse(string code, FormattableString message, Exception? inner = null) =>
        new($"{FormattableString.Invariant(message)} ({code})", inner);
}
