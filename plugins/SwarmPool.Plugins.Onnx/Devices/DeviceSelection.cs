using Microsoft.ML.OnnxRuntime;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Devices;

/// <summary>What models are run on, and why.</summary>
/// <param name="Devices">The devices, the first preferred.</param>
/// <param name="Reason">Why these, for people.</param>
internal sealed record DeviceSelection(IReadOnlyList<DeviceDescription> Devices, string Reason)
{
    private const string CudaProvider = "CUDAExecutionProvider";

    public bool IsCuda => Devices[0].Kind == "cuda";

    /// <summary>The device as numeric classes name it: "cpu" or "cuda:NAME".</summary>
    public string ClassName => IsCuda ? $"cuda:{Devices[0].Name}" : "cpu";

    /// <exception cref="InferenceException">CUDA was asked for and is unavailable.</exception>
    public static DeviceSelection Make(OnnxDevice wanted)
    {
        if (wanted == OnnxDevice.Cpu)
        {
            return Cpu("device is set to cpu");
        }

        var gpus = Nvml.Ask();
        var missing = WhatIsMissing(gpus);
        if (missing.Count == 0)
        {
            return new DeviceSelection(
                [.. gpus.Gpus.Select(gpu => new DeviceDescription("cuda", gpu.Name, gpu.MemoryBytes))],
                "there is an NVIDIA GPU and a CUDA build of ONNX Runtime");
        }

        var reason = string.Join("; and ", missing);
        return wanted == OnnxDevice.Auto
            ? Cpu($"CUDA can't be used: {reason}")
            : throw new InferenceException($"device is set to cuda, but {reason}. Fix that, or set device to auto or cpu.");
    }

    private static DeviceSelection Cpu(string reason) => new(
        [new DeviceDescription(
            "cpu",
            FormattableString.Invariant($"{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors"),
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)],
        reason);

    private static List<string> WhatIsMissing(GpuInventory gpus)
    {
        var missing = new List<string>();
        if (gpus.Gpus.Count == 0)
        {
            missing.Add(gpus.WhyNone);
        }

        if (!OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider, StringComparer.Ordinal))
        {
            missing.Add("the ONNX Runtime beside the plugin is a CPU build (build the plugin with -p:OrtFlavor=gpu, or put the CUDA build's native files in its folder)");
        }

        if (missing.Count == 0 && WhyCudaDoesNotStart() is { } why)
        {
            missing.Add(why);
        }

        return missing;
    }

    private static string? WhyCudaDoesNotStart()
    {
        try
        {
            using var options = new SessionOptions();
            options.AppendExecutionProvider_CUDA();
            return null;
        }
        catch (OnnxRuntimeException failure)
        {
            // Most often the CUDA or cuDNN libraries themselves are not installed, or of another version.
            return $"ONNX Runtime can't start CUDA: {failure.Message.Trim()}";
        }
    }
}
