using LLama;
using LLama.Common;
using LLama.Exceptions;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Plugins.Llama.Models;
using SwarmPool.Plugins.Llama.Native;

namespace SwarmPool.Plugins.Llama.Running;

/// <summary>A model that is loaded: its tokens, and its embeddings where it does those. Thread-safe.</summary>
internal sealed class LlamaModel : IDisposable
{
    private readonly LLamaWeights weights;
    private readonly LlamaEmbeddings? embeddings;
    private int uses;

    private LlamaModel(LLamaWeights weights, GgufManifest manifest, NumericClass numericClass, LlamaOptions options)
    {
        this.weights = weights;
        Tokens = new LlamaTokens(weights.NativeHandle, numericClass, manifest.Context, options);
        DoesTexts = manifest.Does(GgufManifest.TextGeneration);
        if (manifest.Does(GgufManifest.TextEmbedding))
        {
            embeddings = new LlamaEmbeddings(weights.NativeHandle, new LlamaText(weights.NativeHandle, manifest.Context), numericClass, manifest.Context, options.Threads);
        }
    }

    public LlamaTokens Tokens { get; }

    /// <summary>Whether something is under way with it: a run, a sequence, a scoring.</summary>
    public bool IsBusy => Volatile.Read(ref uses) > 0 || Tokens.IsBusy;

    /// <summary>Whether texts may be made with it.</summary>
    public bool DoesTexts { get; }

    /// <summary>Begins a run: until <see cref="Release"/> it is busy.</summary>
    public void Use() => Interlocked.Increment(ref uses);

    /// <summary>Ends a run.</summary>
    public void Release() => Interlocked.Decrement(ref uses);

    /// <exception cref="InferenceException">llama.cpp can't load it; the message says why.</exception>
    public static async Task<LlamaModel> LoadAsync(GgufManifest manifest, NumericClass numericClass, LlamaOptions options, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        NativeLog.ListenAs(logger);
        await GgufCatalog.CheckUnchangedAsync(manifest, time, cancellationToken);
        var start = time.GetTimestamp();
        _ = LlamaContext.Why(""); // What it said of others.
        LLamaWeights read;
        try
        {
            read = await LLamaWeights.LoadFromFileAsync(new ModelParams(manifest.File) { GpuLayerCount = options.GpuLayers }, cancellationToken);
        }
        catch (Exception failure) when (failure is LoadWeightsFailedException or IOException or UnauthorizedAccessException)
        {
            throw new InferenceException($"llama.cpp can't load {manifest.File}: {LlamaContext.Why(failure.Message)}. The file is damaged, or uses what this version does not have.", failure);
        }

        try
        {
            var model = new LlamaModel(read, manifest, numericClass, options);
            LlamaLog.ModelLoaded(logger, manifest.Name, manifest.Sha256, (long)time.GetElapsedTime(start).TotalMilliseconds, read.ParameterCount, read.SizeInBytes);
            return model;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    /// <summary>Runs an input on the model.</summary>
    /// <exception cref="InferenceException">The model does no such job, the input is none of it, or the run failed.</exception>
    public Task<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) => embeddings is null
        ? throw new InferenceException($"Model \"{request.Model}\" gives its logits, by which others choose the tokens of a text; it makes nothing of a job of type {request.JobType} by itself.")
        : embeddings.RunAsync(request.Input, progress, cancellationToken);

    public void Dispose()
    {
        embeddings?.Dispose();
        Tokens.Dispose();
        weights.Dispose();
    }
}
