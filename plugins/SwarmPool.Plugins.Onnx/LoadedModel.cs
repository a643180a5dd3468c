using Microsoft.ML.OnnxRuntime;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Batching;
using SwarmPool.Plugins.Onnx.Devices;
using SwarmPool.Plugins.Onnx.Models;
using SwarmPool.Plugins.Onnx.Runners;
using SwarmPool.Plugins.Onnx.Weights;

namespace SwarmPool.Plugins.Onnx;

/// <summary>A model that is ready to run. Thread-safe.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly InferenceSession session;
    private readonly InferenceSession? second;
    private readonly ModelManifest manifest;
    private readonly NumericClass numericClass;
    private readonly OnnxOptions limits;
    private int uses;

    private LoadedModel(InferenceSession session, InferenceSession? second, ModelManifest manifest, NumericClass numericClass, OnnxOptions limits)
    {
        this.limits = limits;
        this.session = session;
        this.second = second;
        this.manifest = manifest;
        this.numericClass = numericClass;
    }

    /// <summary>Whether a run is under way with it.</summary>
    public bool IsBusy => Volatile.Read(ref uses) > 0;

    /// <summary>Begins a run: until <see cref="Release"/> it is busy.</summary>
    public void Use() => Interlocked.Increment(ref uses);

    /// <summary>Ends a run.</summary>
    public void Release() => Interlocked.Decrement(ref uses);

    /// <exception cref="InferenceException">A file changed, ONNX Runtime can't load it, or it is not what model.json says.</exception>
    public static LoadedModel Load(ModelManifest manifest, DeviceSelection device, OnnxOptions limits, OrtLog log)
    {
        var bytes = Read(manifest, static manifest => ModelFiles.Load(manifest));
        manifest.Preprocessor.Load();
        manifest.Postprocessor.Load();
        using var options = Options(device, limits.IntraOpThreads);
        options.LogId = log.IdOf(manifest.Name);
        var opened = Open(bytes, manifest.File, device, options, session => ModelMismatches.Differences(manifest.Tensors, session));
        InferenceSession? openedSecond = null;
        try
        {
            openedSecond = manifest.Runner.Second is { } name
                ? Open(Read(manifest, manifest => ModelFiles.LoadSecond(manifest, name)), Path.Combine(Path.GetDirectoryName(manifest.File)!, name), device, options, manifest.Runner.SecondDifferences)
                : null;
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        var runtime = $"onnxruntime/{OrtEnv.Instance().GetVersionString()}";
        return new LoadedModel(opened, openedSecond, manifest, new NumericClass(manifest.Identity, runtime, device.ClassName, manifest.Precision), limits);
    }

    /// <summary>Whether several inputs may be run as one.</summary>
    public bool Batches => manifest.Runner.Batches;

    /// <summary>What gathers inputs to run as one; null where none does.</summary>
    public MicroBatcher? Batcher { get; set; }

    /// <summary>Runs the model on one input, on the calling thread.</summary>
    public InferenceResult Run(ReadOnlyMemory<byte> input, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var prepared = Prepare(input, cancellationToken);
        return Answer(prepared, Infer(prepared.Tensors, limits.MaxTensorBytes, progress, cancellationToken), cancellationToken);
    }

    /// <summary>The input as the model takes it.</summary>
    public PreparedInput Prepare(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        var prepared = manifest.Preprocessor.Read(input, cancellationToken);
        return OrtTensors.Bytes(prepared.Tensors.Values) <= limits.MaxTensorBytes
            ? prepared
            : throw new InferenceException($"The input is more than {limits.MaxTensorBytes} bytes as the model takes it (max_tensor_bytes). Send a smaller one, or allow more.");
    }

    /// <summary>The outputs of several inputs that are of one shape, run as one; on the calling thread.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, ModelTensor>> InferBatch(IReadOnlyList<IReadOnlyDictionary<string, ModelTensor>> inputs, CancellationToken cancellationToken)
    {
        var outputs = Infer(TensorBatch.Join(inputs), (long)limits.MaxTensorBytes * inputs.Count, null, cancellationToken);
        return inputs.Count == 1 ? [outputs] : TensorBatch.Split(outputs, [.. inputs.Select(static one => TensorBatch.CountOf(one) ?? 0)]);
    }

    /// <summary>What the outputs say.</summary>
    public InferenceResult Answer(PreparedInput prepared, IReadOnlyDictionary<string, ModelTensor> outputs, CancellationToken cancellationToken)
    {
        var answer = manifest.Postprocessor.Write(outputs, new AnswerContext(prepared, limits.MaxOutputBytes, cancellationToken));
        return answer.Bytes.Length <= limits.MaxOutputBytes
            ? new InferenceResult(answer.Bytes, numericClass, answer.Confidence)
            : throw OnnxFault.Refuse(OnnxFault.OutputTooLarge, $"The answer of model {manifest.Name} has {answer.Bytes.Length} bytes; at most {limits.MaxOutputBytes} are given (max_output_bytes).");
    }

    public void Dispose()
    {
        second?.Dispose();
        session.Dispose();
    }

    private IReadOnlyDictionary<string, ModelTensor> Infer(IReadOnlyDictionary<string, ModelTensor> inputs, long maxBytes, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using var options = new RunOptions();
        using var ending = cancellationToken.Register(static state => ((RunOptions)state!).Terminate = true, options);
        try
        {
            return manifest.Runner.Run(session, inputs, new OrtRun(options, maxBytes, progress, cancellationToken) { Second = second });
        }
        catch (OnnxRuntimeException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed(failure);
        }
    }

    private static InferenceSession Open(byte[] bytes, string file, DeviceSelection device, SessionOptions options, Func<InferenceSession, IReadOnlyList<string>> compare)
    {
        InferenceSession opened;
        try
        {
            opened = new InferenceSession(bytes, options);
        }
        catch (OnnxRuntimeException failure)
        {
            throw LoadFaults.From(failure, bytes, file, device);
        }

        var differences = compare(opened);
        if (differences.Count == 0)
        {
            return opened;
        }

        opened.Dispose();
        throw OnnxFault.Refuse(OnnxFault.ModelUnloadable, $"model.json does not fit {file}: {string.Join("; ", differences)}. Correct model.json.");
    }

    private InferenceException Failed(OnnxRuntimeException failure)
    {
        var said = failure.Message.Trim();

        // As ONNX Runtime's arena says it (core/framework/bfc_arena.cc).
        return said.Contains("Available memory of", StringComparison.Ordinal) || said.Contains("Failed to allocate memory", StringComparison.Ordinal)
            ? OnnxFault.Refuse(OnnxFault.OutputTooLarge, $"Model {manifest.Name} wants more memory for this input than there is (max_memory_bytes {limits.MaxMemoryBytes}): {said} Send a smaller input, or allow more.", failure)
            : new InferenceException($"ONNX Runtime failed in model {manifest.Name}: {said}", failure);
    }

    private static byte[] Read(ModelManifest manifest, Func<ModelManifest, byte[]> load)
    {
        try
        {
            return load(manifest);
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

        if (!OrtEnvironment.HasLog)
        {
            options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        }

        // The environment's memory, which has a bound; without one each session has its own.
        options.AddSessionConfigEntry("session.use_env_allocators", "1");

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
