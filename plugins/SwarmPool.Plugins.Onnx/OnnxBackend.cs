using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Plugins.Onnx.Batching;
using SwarmPool.Plugins.Onnx.Devices;
using SwarmPool.Plugins.Onnx.Models;
using SwarmPool.Plugins.Onnx.Steps;

namespace SwarmPool.Plugins.Onnx;

/// <summary>Runs model folders with ONNX Runtime. Models load when first needed and stay until they are unloaded.</summary>
internal sealed class OnnxBackend : IInferenceBackend
{
    private readonly OnnxOptions options;
    private readonly string folder;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly OrtLog runtimeLog;
    private readonly StepKinds kinds;
    private readonly SemaphoreSlim runs;
    private readonly SemaphoreSlim gate = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, LoadedModel> loaded = new(StringComparer.Ordinal);
    private ModelCatalog? catalog;
    private DeviceSelection? device;
    private bool disposed;

    public OnnxBackend(OnnxOptions options, string baseDirectory, TimeProvider time, StepKinds kinds, ILogger<OnnxBackend> logger)
    {
        this.kinds = kinds;
        this.options = options;
        this.time = time;
        this.logger = logger;
        runtimeLog = new OrtLog(logger);
        folder = Path.GetFullPath(options.Models, Path.GetFullPath(baseDirectory));
        runs = new SemaphoreSlim(options.MaxParallel);
    }

    public async ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        using var _ = await EnterAsync(gate, cancellationToken);
        var (models, choice) = await OpenAsync(cancellationToken);
        return new BackendDescription([.. models.Models.Select(model => model.Describe() with { IsWarm = loaded.ContainsKey(model.Name) })], choice.Devices);
    }

    public async ValueTask LoadAsync(string model, CancellationToken cancellationToken) => await GetAsync(model, null, cancellationToken);

    public async ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Input.Length > options.MaxInputBytes)
        {
            throw new InferenceException($"The input has {request.Input.Length} bytes; at most {options.MaxInputBytes} are accepted (max_input_bytes).");
        }

        var model = await GetAsync(request.Model, request.JobType, cancellationToken, isUsed: true);
        try
        {
            return await RunAsync(model, request, progress, cancellationToken);
        }
        finally
        {
            model.Release();
        }
    }

    public bool CanUnload => true;

    public async ValueTask<bool> UnloadAsync(string model, CancellationToken cancellationToken)
    {
        using var _ = await EnterAsync(gate, cancellationToken);
        (await OpenAsync(cancellationToken)).Catalog.Find(model);
        if (!loaded.TryGetValue(model, out var own))
        {
            return true;
        }

        if (own.IsBusy)
        {
            return false;
        }

        loaded.Remove(model);
        own.Dispose();
        OnnxLog.ModelUnloaded(logger, model);
        return true;
    }

    private async Task<InferenceResult> RunAsync(LoadedModel model, InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.Token);
        var token = ending.Token;
        try
        {
            // A run computes for milliseconds to minutes without a pause, so it must not hold the caller's scheduler.
            return model.Batcher is { } batcher
                ? await RunInBatchAsync(model, batcher, request.Input, progress, token)
                : await InPlaceAsync(() => model.Run(request.Input, progress, token), token);
        }
        catch (InferenceException failure)
        {
            OnnxLog.RunFailed(logger, request.Model, failure.Message);
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await stopping.CancelAsync();
        for (var i = 0; i < options.MaxParallel; i++)
        {
            await runs.WaitAsync(); // Each run has ended when all its places are ours.
        }

        await gate.WaitAsync();
        foreach (var model in loaded.Values)
        {
            model.Dispose();
        }

        loaded.Clear();
        runtimeLog.Dispose();

        // Callers that still wait come through, see that all is over, and leave with an ObjectDisposedException.
        gate.Release();
        runs.Release(options.MaxParallel);
        stopping.Dispose();
    }

    private async Task<T> InPlaceAsync<T>(Func<T> compute, CancellationToken cancellationToken)
    {
        using var _ = await EnterAsync(runs, cancellationToken);
        return await Task.Run(compute, cancellationToken);
    }

    // While an input waits for others it keeps no place that they need.
    private async Task<InferenceResult> RunInBatchAsync(LoadedModel model, MicroBatcher batcher, ReadOnlyMemory<byte> input, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var prepared = await InPlaceAsync(() => model.Prepare(input, cancellationToken), cancellationToken);
        if (TensorBatch.CountOf(prepared.Tensors) is null)
        {
            return await InPlaceAsync(() => model.Run(input, progress, cancellationToken), cancellationToken);
        }

        progress?.Report(0);
        var outputs = await batcher.RunAsync(prepared.Tensors, cancellationToken);
        progress?.Report(100);
        return model.Answer(prepared, outputs, cancellationToken);
    }

    private MicroBatcher? BatcherOf(LoadedModel model) => options.BatchMilliseconds == 0 || !model.Batches
        ? null
        : new MicroBatcher(options.BatchSize, TimeSpan.FromMilliseconds(options.BatchMilliseconds), time, (inputs, gone) => InPlaceAsync(() => model.InferBatch(inputs, gone), gone));

    private async Task<LoadedModel> GetAsync(string name, string? jobType, CancellationToken cancellationToken, bool isUsed = false)
    {
        using var _ = await EnterAsync(gate, cancellationToken);
        var (models, choice) = await OpenAsync(cancellationToken);
        var manifest = models.Find(name);
        if (jobType is not null && !manifest.JobTypes.Contains(jobType, StringComparer.Ordinal))
        {
            throw new InferenceException($"Model \"{name}\" does not do jobs of type \"{jobType}\"; it does: {string.Join(", ", manifest.JobTypes)}.");
        }

        if (!loaded.TryGetValue(name, out var model))
        {
            var start = time.GetTimestamp();
            model = await Task.Run(() => LoadedModel.Load(manifest, choice, options, runtimeLog), cancellationToken);
            model.Batcher = BatcherOf(model);
            loaded.Add(name, model);
            OnnxLog.ModelLoaded(logger, name, manifest.Identity, (long)time.GetElapsedTime(start).TotalMilliseconds);
        }

        if (isUsed)
        {
            model.Use();
        }

        return model;
    }

    /// <summary>Chooses the device and reads the models, once; what failed is tried again next time.</summary>
    private async Task<(ModelCatalog Catalog, DeviceSelection Device)> OpenAsync(CancellationToken cancellationToken)
    {
        if (device is null)
        {
            device = ChooseDevice();
            OnnxLog.DeviceChosen(logger, device.ClassName, device.Reason);
        }

        if (catalog is null)
        {
            catalog = await ModelCatalog.ReadAsync(folder, kinds, cancellationToken);
            OnnxLog.ModelsFound(logger, catalog.Models.Count, folder, string.Join(", ", catalog.Models.Select(model => model.Name)));
        }

        return (catalog, device);
    }

    private DeviceSelection ChooseDevice()
    {
        try
        {
            var bound = OrtEnvironment.Open(options.MaxMemoryBytes);
            if (bound != options.MaxMemoryBytes)
            {
                OnnxLog.OtherBound(logger, options.MaxMemoryBytes, bound);
            }

            if (!OrtEnvironment.HasLog)
            {
                OnnxLog.LogTaken(logger);
            }

            return DeviceSelection.Make(options.Device);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException || missing is TypeInitializationException { InnerException: DllNotFoundException or EntryPointNotFoundException })
        {
            var why = (missing.InnerException ?? missing).Message;
            throw new InferenceException($"ONNX Runtime's native library can't be loaded: {why} Put the build for this system beside {typeof(OnnxBackend).Assembly.GetName().Name}.dll, or add the package Microsoft.ML.OnnxRuntime to the program.", missing);
        }
    }

    private async Task<Place> EnterAsync(SemaphoreSlim semaphore, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        await semaphore.WaitAsync(cancellationToken);
        var place = new Place(semaphore);
        if (disposed)
        {
            place.Dispose();
            ObjectDisposedException.ThrowIf(disposed, this);
        }

        return place;
    }

    private readonly struct Place(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
