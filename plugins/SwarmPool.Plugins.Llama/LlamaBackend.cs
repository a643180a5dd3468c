using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Plugins.Llama.Models;
using SwarmPool.Plugins.Llama.Native;
using SwarmPool.Plugins.Llama.Running;

namespace SwarmPool.Plugins.Llama;

/// <summary>Runs GGUF models with llama.cpp. Models load when first needed and stay until they are unloaded.</summary>
internal sealed class LlamaBackend : IInferenceBackend
{
    private readonly LlamaOptions options;
    private readonly string folder;
    private readonly string? natives;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly SemaphoreSlim gate = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, LlamaModel> loaded = new(StringComparer.Ordinal);
    private GgufCatalog? catalog;
    private LoadedLibrary? library;
    private volatile bool disposed;

    public LlamaBackend(LlamaOptions options, string baseDirectory, TimeProvider time, ILogger<LlamaBackend> logger)
    {
        this.options = options;
        this.time = time;
        this.logger = logger;
        folder = Path.GetFullPath(options.Models, Path.GetFullPath(baseDirectory));
        natives = options.Natives.Length == 0 ? null : Path.GetFullPath(options.Natives, Path.GetFullPath(baseDirectory));
    }

    public async ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        try
        {
            var models = await OpenAsync(cancellationToken);
            return new BackendDescription([.. models.Models.Select(model => model.Describe(ClassOf(model), loaded.ContainsKey(model.Name)))], [Device()]);
        }
        finally
        {
            gate.Release();
        }
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
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.Token);
        try
        {
            return await model.RunAsync(request, progress, either.Token);
        }
        catch (InferenceException failure)
        {
            LlamaLog.RunFailed(logger, request.Model, failure.Message);
            throw;
        }
        catch (OperationCanceledException cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException("The backend was disposed.", cancelled);
        }
        finally
        {
            model.Release();
        }
    }

    public async ValueTask<ITokenModel?> OpenTokensAsync(string model, CancellationToken cancellationToken) =>
        await GetAsync(model, null, cancellationToken) is { DoesTexts: true } opened ? opened.Tokens : null;

    public bool CanUnload => true;

    public async ValueTask<bool> UnloadAsync(string model, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        try
        {
            _ = (await OpenAsync(cancellationToken)).Find(model);
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
            LlamaLog.ModelUnloaded(logger, model);
            return true;
        }
        finally
        {
            gate.Release();
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
        await gate.WaitAsync();
        foreach (var model in loaded.Values)
        {
            model.Dispose();
        }

        loaded.Clear();

        // Callers that still wait come through, see that all is over, and leave with an ObjectDisposedException.
        gate.Release();
    }

    private async Task<LlamaModel> GetAsync(string name, string? jobType, CancellationToken cancellationToken, bool isUsed = false)
    {
        await EnterAsync(cancellationToken);
        try
        {
            var manifest = (await OpenAsync(cancellationToken)).Find(name);
            if (jobType is not null && !manifest.Does(jobType))
            {
                throw new InferenceException($"Model \"{name}\" does not do jobs of type \"{jobType}\"; it does: {string.Join(", ", manifest.JobTypes)}.");
            }

            if (!loaded.TryGetValue(name, out var model))
            {
                model = await LlamaModel.LoadAsync(manifest, ClassOf(manifest), options, logger, time, cancellationToken);
                loaded.Add(name, model);
            }

            if (isUsed)
            {
                model.Use();
            }

            return model;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Loads the library and reads the models, once; what failed is tried again next time.</summary>
    private async Task<GgufCatalog> OpenAsync(CancellationToken cancellationToken)
    {
        library ??= LlamaLibrary.Load(natives, options.CpuBuild, logger);
        if (catalog is null)
        {
            catalog = await GgufCatalog.ReadAsync(folder, cancellationToken);
            LlamaLog.ModelsFound(logger, catalog.Models.Count, folder, string.Join(", ", catalog.Models.Select(static model => model.Name)));
        }

        return catalog;
    }

    private NumericClass ClassOf(GgufManifest model) => new(
        model.Sha256,
        $"llama.cpp/LLamaSharp-{LlamaLibrary.Version} {library!.Build} threads={options.Threads} block={options.BlockTokens}",
        options.GpuLayers == 0 ? "cpu" : $"gpu layers={options.GpuLayers}",
        model.Precision);

    private DeviceDescription Device() => options.GpuLayers == 0
        ? new("cpu", $"CPU (threads: {options.Threads})", 0)
        : new("gpu", $"GPU (layers: {options.GpuLayers})", 0);

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        await gate.WaitAsync(cancellationToken);
        if (disposed)
        {
            gate.Release();
            ObjectDisposedException.ThrowIf(disposed, this);
        }
    }
}
