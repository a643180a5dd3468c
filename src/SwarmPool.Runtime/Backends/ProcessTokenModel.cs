using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SwarmPool.Inference;

namespace SwarmPool.Runtime.Backends;

/// <summary>A model by its tokens in a backend's process. What is asked for each token of an answer, its bytes, is known here.</summary>
internal sealed class ProcessTokenModel : ITokenModel
{
    private readonly ProcessBackend backend;
    private readonly string model;
    private readonly ReadOnlyMemory<byte>[] bytes;

    private ProcessTokenModel(ProcessBackend backend, string model, TokenModelDescription description, ReadOnlyMemory<byte>[] bytes) =>
        (this.backend, this.model, Description, this.bytes) = (backend, model, description, bytes);

    public TokenModelDescription Description { get; }

    /// <summary>Makes one of what the process told; false when that can't be.</summary>
    public static bool TryMake(
        ProcessBackend backend, string model, TokenModelDescription description, ReadOnlyMemory<byte> table, [NotNullWhen(true)] out ProcessTokenModel? made)
    {
        made = null;
        var count = description.VocabularySize;
        if (count < 1 || description.ContextLength < 1 || (long)count * sizeof(int) > table.Length)
        {
            return false;
        }

        var lengths = MemoryMarshal.Cast<byte, int>(table.Span)[..count];
        var at = count * sizeof(int);
        var pieces = new ReadOnlyMemory<byte>[count];
        for (var token = 0; token < count; token++)
        {
            if (lengths[token] < 0 || lengths[token] > table.Length - at)
            {
                return false;
            }

            pieces[token] = table.Slice(at, lengths[token]);
            at += lengths[token];
        }

        made = new ProcessTokenModel(backend, model, description, pieces);
        return at == table.Length;
    }

    public async ValueTask<ReadOnlyMemory<int>> EncodeAsync(TokenPrompt prompt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var body = BackendJson.Write(new PromptBody(prompt.Text, prompt.Messages), BackendJson.Default.PromptBody);
        var (own, frame) = await backend.CallAsync(About(FrameKind.Encode) with { Body = body }, cancellationToken);
        return frame.Body.Length % sizeof(int) == 0
            ? MemoryMarshal.Cast<byte, int>(frame.Body.Span).ToArray()
            : throw backend.Told(await own.MalformedAsync($"{frame.Body.Length} bytes of tokens"), model);
    }

    public ReadOnlyMemory<byte> BytesOf(int token) =>
        (uint)token < (uint)bytes.Length ? bytes[token] : throw new InferenceException($"There is no token {token}; the vocabulary has {bytes.Length}.");

    public async ValueTask<ITokenSequence> BeginAsync(CancellationToken cancellationToken)
    {
        var (own, opened) = await backend.CallAsync(About(FrameKind.Begin) with { StaysOpen = true }, cancellationToken);
        return new ProcessTokenSequence(backend, own, model, opened.Call, Description.VocabularySize);
    }

    public async IAsyncEnumerable<ReadOnlyMemory<float>> ScoreAsync(
        ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new BackendCall(FrameKind.Score, BackendJson.Write(new ScoreCall(model, prompt.Length), BackendJson.Default.ScoreCall))
        {
            Model = model,
            Body = MemoryMarshal.AsBytes<int>([.. prompt.Span, .. given.Span]).ToArray(),
            StaysOpen = true,
        };
        var (own, opened) = await backend.CallAsync(call, cancellationToken);
        try
        {
            var logits = new float[Description.VocabularySize];
            while (true)
            {
                var (frame, item) = await backend.AskAsync(own, ProcessBackend.NextOf(opened.Call) with { Into = logits }, BackendJson.Default.ScoreAnswer, cancellationToken, model);
                if (item.IsEnd)
                {
                    yield break;
                }

                yield return frame.IsPlaced ? logits : MemoryMarshal.Cast<byte, float>(frame.Body.Span).ToArray();
            }
        }
        finally
        {
            own.Close(opened.Call);
        }
    }

    private BackendCall About(FrameKind kind) => new(kind, BackendJson.Write(new ModelCall(model), BackendJson.Default.ModelCall)) { Model = model };
}

/// <summary>A sequence in a backend's process; over when that is.</summary>
internal sealed class ProcessTokenSequence(ProcessBackend backend, BackendProcess own, string model, int opened, int vocabulary) : ITokenSequence
{
    private readonly float[] logits = new float[vocabulary];
    private readonly BackendCall append = new(FrameKind.Append, BackendJson.Write(new NextCall(opened), BackendJson.Default.NextCall)) { Model = model };
    private bool failed;
    private bool over;

    public int Length { get; private set; }

    public async ValueTask<ReadOnlyMemory<float>> AppendAsync(ReadOnlyMemory<int> tokens, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(over || failed, this);
        failed = true;
        var frame = await backend.CallAsync(own, append with { Body = MemoryMarshal.AsBytes(tokens.Span).ToArray(), Into = logits }, cancellationToken);
        failed = false;
        Length += tokens.Length;

        // What is not as many numbers as there are tokens is the caller's to refuse.
        return frame.IsPlaced ? logits : MemoryMarshal.Cast<byte, float>(frame.Body.Span).ToArray();
    }

    public ValueTask DisposeAsync()
    {
        if (!over)
        {
            over = true;
            own.Close(opened);
            if (!failed && Length > 0)
            {
                backend.Deaths.Succeeded(model);
            }
        }

        return default;
    }
}
