using Microsoft.ML.OnnxRuntime;
using SwarmPool.Inference;
using SwarmPool.Plugins.Onnx.Devices;
using SwarmPool.Plugins.Onnx.Weights;

namespace SwarmPool.Plugins.Onnx;

/// <summary>Why ONNX Runtime doesn't take a model: what it is written in, the device, or the file itself.</summary>
internal static class LoadFaults
{
    // As ONNX Runtime 1.31 has them, in its checks of a model (core/graph/model.cc, graph.cc) and of its kernels (core/framework/session_state.cc).
    private static readonly string[] Opset =
        ["opset", "Unsupported model IR version", "is not a registered function/op", "No Op registered for", "Could not find an implementation for", "NOT_IMPLEMENTED", "ErrorCode:NotImplemented", "Type Error: Type 'tensor("];

    private static readonly string[] Device = ["fallback to the CPU", "CPU EP", "CUDA", "cudnn", "CUDNN", "ExecutionProvider"];

    public static InferenceException From(OnnxRuntimeException failure, ReadOnlyMemory<byte> model, string file, DeviceSelection device)
    {
        var said = failure.Message.Trim();
        var what = ModelVersions.Describe(model);
        return Has(said, Device) && device.IsCuda
            ? OnnxFault.Refuse(OnnxFault.DeviceUnsupported, $"{device.ClassName} can't run {file}, {what}: {said} Set device to cpu, or use a model whose operators the device has.", failure)
            : Has(said, Opset)
            ? OnnxFault.Refuse(OnnxFault.OpsetUnsupported, $"ONNX Runtime {OrtEnv.Instance().GetVersionString()} does not have what {file} is written in, {what}: {said} Export the model for an older opset, or update the runtime.", failure)
            : OnnxFault.Refuse(OnnxFault.ModelUnloadable, $"ONNX Runtime can't load {file}, {what}, on {device.ClassName}: {said} The file is damaged, or isn't a model; fetch the right one.", failure);
    }

    private static bool Has(string said, string[] parts) => parts.Any(part => said.Contains(part, StringComparison.OrdinalIgnoreCase));
}
