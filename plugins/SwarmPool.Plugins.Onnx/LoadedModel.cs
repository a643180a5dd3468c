using Microsoft.ML.OnnxRuntime;
using SwarmPool.Inference;
using SwarmPool.Plugins.Onnx.Devices;
using SwarmPool.Plugins.Onnx.Models;
using SwarmPool.Plugins.Onnx.Weights;

namespace SwarmPool.Plugins.Onnx;

/// <summary>A model that is ready to run. Thread-safe.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly InferenceSession session;
    private readonly ModelManifest manifest;
    private readonly NumericClass numericClass;

    private LoadedModel(InferenceSession session, ModelManifest manifest, NumericClass numericClass)
    {
        this.session = session;
        this.manifest = manifest;
        this.numericClass = numericClass;
    }

    /// <exception cref="InferenceException">A file changed, ONNX Runtime can't load it, or it is not what model.json says.</exception>
    public static LoadedModel Load(ModelManifest manifest, DeviceSelection device, int threads)
    {
        var bytes = Read(manifest);
        using var options = Options(device, threads);
        InferenceSession opened;
        try
        {
            opened = new InferenceSession(bytes, options);
        }
        catch (OnnxRuntimeException failure)
        {
            throw new InferenceException($"ONNX Runtime can't load {manifest.File} on {device.ClassName}: {failure.Message.Trim()} The file is damaged, or uses what this device or version does not have.", failure);
        }

        var differences = ModelMismatches.Differences(manifest.Tensors, opened);
        if (differences.Count > 0)
        {
            opened.Dispose();
            throw new InferenceException($"model.json does not fit {manifest.File}: {string.Join("; ", differences)}. Correct model.json.");
        }

        var runtime = $"onnxruntime/{OrtEnv.Instance().GetVersionString()}";
        return new LoadedModel(opened, manifest, new NumericClass(manifest.Identity, runtime, device.ClassName, manifest.Precision));
    }

    /// <summary>Runs the model on one input, on the calling thread.</summary>
    public InferenceResult Run(ReadOnlyMemory<byte> input, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var inputs = manifest.Preprocessor.Read(input, cancellationToken);
        using var options = new RunOptions();
        using var ending = cancellationToken.Register(static state => ((RunOptions)state!).Terminate = true, options);
        try
        {
            var outputs = manifest.Runner.Run(session, inputs, options, progress, cancellationToken);
            var answer = manifest.Postprocessor.Write(outputs);
            return new InferenceResult(answer.Json, numericClass, answer.Confidence);
        }
        catch (OnnxRuntimeException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new InferenceException($"ONNX Runtime failed in model {manifest.Name}: {failure.Message.Trim()}", failure);
        }
    }

    public void Dispose() => session.Dispose();

    private static byte[] Read(ModelManifest manifest)
    {
        try
        {
            return ModelFiles.Load(manifest);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InferenceException($"{manifest.File} can't be loaded: {wrong.Message.TrimEnd('.')}. Put the right files back, or correct model.json, and start again.", wrong);
        }
    }

    private static SessionOptions Options(DeviceSelection device, int threads)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,

            // Fixed, since the level decides about the last bits; the next one up also picks layouts by the processor.
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
        };

        // Whatever the file looks like, it is read as what was looked through for weights in other files.
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");
        if (device.IsCuda)
        {
            // Without this a node that CUDA can't run would go to the CPU in silence, and the numeric class would lie.
            options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
            options.AppendExecutionProvider_CUDA();
        }

        return options;
    }
}
