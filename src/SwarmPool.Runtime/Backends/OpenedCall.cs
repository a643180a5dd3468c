using System.Runtime.InteropServices;
using SwarmPool.Inference;

namespace SwarmPool.Runtime.Backends;

/// <summary>What a call left open in a backend's process: a stream, a scoring or a sequence, one step of it at a time.</summary>
/// <param name="step">The next step: a head, and a body. Is given the bytes that came with the call, and what cancels it.</param>
/// <param name="end">Ends it.</param>
/// <param name="stopping">Ends a step that is under way, and is disposed of with it.</param>
internal sealed class OpenedCall(
    Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<(byte[] Head, ReadOnlyMemory<byte> Body)>> step, Func<ValueTask> end, CancellationTokenSource stopping) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);

    /// <summary>The stream of a run.</summary>
    public static OpenedCall OfStream(IInferenceBackend backend, InferenceRequest request, IProgress<int> progress)
    {
        var stopping = new CancellationTokenSource();
        var chunks = backend.StreamAsync(request, progress, stopping.Token).GetAsyncEnumerator(stopping.Token);
        return new OpenedCall(
            async (_, _) =>
            {
                if (!await chunks.MoveNextAsync())
                {
                    return (BackendJson.Write(new ChunkAnswer(true, 0, null), BackendJson.Default.ChunkAnswer), default);
                }

                var (delta, result) = chunks.Current;
                ReadOnlyMemory<byte> body = result is null ? delta : (byte[])[.. delta.Span, .. result.Output.Span];
                return (BackendJson.Write(new ChunkAnswer(false, delta.Length, result is null ? null : Of(result)), BackendJson.Default.ChunkAnswer), body);
            },
            chunks.DisposeAsync,
            stopping);
    }

    /// <summary>A scoring.</summary>
    public static OpenedCall OfScoring(ITokenModel model, ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given)
    {
        var stopping = new CancellationTokenSource();
        var places = model.ScoreAsync(prompt, given, stopping.Token).GetAsyncEnumerator(stopping.Token);
        return new OpenedCall(
            async (_, _) => await places.MoveNextAsync()
                ? (BackendJson.Write(new ScoreAnswer(false), BackendJson.Default.ScoreAnswer), Bytes(places.Current))
                : (BackendJson.Write(new ScoreAnswer(true), BackendJson.Default.ScoreAnswer), default),
            places.DisposeAsync,
            stopping);
    }

    /// <summary>A sequence.</summary>
    public static OpenedCall OfSequence(ITokenSequence sequence) => new(
        async (tokens, cancellationToken) => ([], Bytes(await sequence.AppendAsync(Tokens(tokens), cancellationToken))), sequence.DisposeAsync, new CancellationTokenSource());

    /// <summary>Numbers of tokens as they travel.</summary>
    public static int[] Tokens(ReadOnlyMemory<byte> bytes) => MemoryMarshal.Cast<byte, int>(bytes.Span).ToArray();

    /// <summary>A result without its output.</summary>
    public static RunAnswer Of(InferenceResult result) => new(result.Class, result.Confidence, result.Usage);

    /// <summary>The next step.</summary>
    public async Task<(byte[] Head, ReadOnlyMemory<byte> Body)> NextAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            using var cancelling = cancellationToken.Register(static state => ((CancellationTokenSource)state!).Cancel(), stopping);
            return await step(body, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Ends it, and what is under way of it.</summary>
    public async Task CloseAsync()
    {
        await stopping.CancelAsync();
        await one.WaitAsync();
        await end();
        Dispose();
    }

    public void Dispose()
    {
        one.Dispose();
        stopping.Dispose();
    }

    private static byte[] Bytes(ReadOnlyMemory<float> logits) => MemoryMarshal.AsBytes(logits.Span).ToArray();
}
