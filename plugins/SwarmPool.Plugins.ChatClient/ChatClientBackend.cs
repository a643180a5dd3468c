using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Answers;
using SwarmPool.Plugins.ChatClient.Inputs;
using SwarmPool.Plugins.ChatClient.Models;
using SwarmPool.Plugins.ChatClient.Upstream;

namespace SwarmPool.Plugins.ChatClient;

/// <summary>Passes jobs on to servers, as the model folders say. Asks no server anything before there is a job for it.</summary>
internal sealed class ChatClientBackend : IInferenceBackend
{
    private readonly ChatClientOptions options;
    private readonly string folder;
    private readonly IServiceProvider services;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly SemaphoreSlim places;
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly SocketsHttpHandler connections = UpstreamHttp.Make();
    private UpstreamCatalog? catalog;
    private bool disposed;

    public ChatClientBackend(ChatClientOptions options, string baseDirectory, IServiceProvider services, TimeProvider time, ILogger<ChatClientBackend> logger)
    {
        (this.options, this.services, this.time, this.logger) = (options, services, time, logger);
        folder = Path.GetFullPath(options.Models, Path.GetFullPath(baseDirectory));
        places = new SemaphoreSlim(options.MaxParallel);
    }

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        var models = Open().Models;
        var servers = models.Select(static model => model.Endpoint.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new(new BackendDescription([.. models.Select(static model => model.Describe())], [.. servers.Select(static server => new DeviceDescription("unknown", server, 0))]));
    }

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken)
    {
        _ = Open().Find(model); // What is loaded is the server's affair.
        return default;
    }

    public bool CanUnload => true;

    public ValueTask<bool> UnloadAsync(string model, CancellationToken cancellationToken)
    {
        _ = Open().Find(model);
        return new(true); // Nothing of it was here.
    }

    public async ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        InferenceResult? result = null;
        await foreach (var part in StreamPartsAsync(request, progress, cancellationToken))
        {
            result = part.Result;
        }

        return result!;
    }

    public async IAsyncEnumerable<InferenceChunk> StreamAsync(InferenceRequest request, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var part in StreamPartsAsync(request, progress, cancellationToken))
        {
            yield return new InferenceChunk(part.Delta, part.Result);
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
            await places.WaitAsync(); // Each run has ended when all its places are ours.
        }

        connections.Dispose();

        // Callers that still wait come through, see that all is over, and leave with an ObjectDisposedException.
        places.Release(options.MaxParallel);
        stopping.Dispose();
    }

    private async IAsyncEnumerable<AnswerPart> StreamPartsAsync(InferenceRequest request, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var model = Open().Find(request.Model);
        if (!model.JobTypes.Contains(request.JobType, StringComparer.Ordinal))
        {
            throw new InferenceException($"Model \"{model.Name}\" does not do jobs of type \"{request.JobType}\"; it does: {string.Join(", ", model.JobTypes)}.");
        }

        if (request.Input.Length > options.MaxInputBytes)
        {
            throw ChatFault.Make(ChatFault.InputInvalid, $"The input has {request.Input.Length} bytes; at most {options.MaxInputBytes} are accepted (max_input_bytes).");
        }

        await places.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            await using var parts = PartsAsync(model, request.Input, progress, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(parts, model))
            {
                yield return parts.Current;
            }
        }
        finally
        {
            places.Release();
        }
    }

    // The input is read when the first part is asked for, so that a refusal is logged as what happens later is.
    private async IAsyncEnumerable<AnswerPart> PartsAsync(UpstreamModel model, ReadOnlyMemory<byte> bytes, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (model.Task == UpstreamTask.Embeddings)
        {
            var texts = EmbeddingInput.Read(bytes, model.Limits.Inputs);
            yield return new AnswerPart(default, await EmbeddingRun.RunAsync(model, texts, Begin(model, model.Limits.EmbeddingBytes, cancellationToken), services), null);
            yield break;
        }

        var chat = ChatInput.Read(bytes, model.Limits.OutputTokens);
        var run = Begin(model, model.Limits.StreamBytes(chat.MaxTokens), cancellationToken);
        await foreach (var part in ChatRun.RunAsync(model, chat, run, services, progress, cancellationToken))
        {
            yield return part;
        }
    }

    private UpstreamRun Begin(UpstreamModel model, long bytes, CancellationToken cancellationToken) => new(model, connections, bytes, time, cancellationToken, stopping.Token);

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<AnswerPart> parts, UpstreamModel model)
    {
        try
        {
            if (!await parts.MoveNextAsync())
            {
                return false;
            }

            if (parts.Current.Limit is { } limit)
            {
                ChatClientLog.AnswerCut(logger, model.Name, model.Endpoint.ToString(), limit);
            }

            return true;
        }
        catch (InferenceException failure)
        {
            ChatClientLog.RunFailed(logger, model.Name, failure.Message);
            throw;
        }
    }

    /// <summary>Reads the models, once; what failed is tried again next time.</summary>
    private UpstreamCatalog Open()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        lock (gate)
        {
            if (catalog is null)
            {
                catalog = UpstreamCatalog.Read(folder);
                ChatClientLog.ModelsFound(logger, catalog.Models.Count, folder, string.Join(", ", catalog.Models.Select(static model => model.Name)));
            }

            return catalog;
        }
    }
}
