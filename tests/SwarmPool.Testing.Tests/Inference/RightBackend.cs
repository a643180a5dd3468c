using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Inference;

namespace SwarmPool.Testing.Tests.Inference;

/// <summary>A right backend to be wrong beside: answers with its input in upper case, and has a model of letters whose logits are a hash of what stands before.</summary>
internal class RightBackend : IInferenceBackend
{
    public const string Model = "letters";
    public static readonly NumericClass Class = new(new string('a', 64), "test/1", "cpu", "fp32");

    private bool disposed;

    public virtual ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) => new(new BackendDescription(
        [new ModelDescription(Model, Class.ModelSha256, ["text"]) { Class = Class, ContextLength = RightTokens.Context }], [new DeviceDescription("cpu", "a test", 0)]));

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken)
    {
        Check(model, cancellationToken);
        return default;
    }

    public virtual ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        Check(request.Model, cancellationToken);
        progress?.Report(100);
        return new(new InferenceResult(
            request.Input.Length == 0 ? throw new InferenceException("The input is empty.") : Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(request.Input.Span).ToUpper(CultureInfo.InvariantCulture)),
            Class,
            null)
        {
            Usage = new InferenceUsage { InputTokens = request.Input.Length },
        });
    }

    public virtual async IAsyncEnumerable<InferenceChunk> StreamAsync(
        InferenceRequest request, IProgress<int>? progress, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var result = await RunAsync(request, progress, cancellationToken);
        yield return new InferenceChunk(result.Output[..1], null);
        yield return new InferenceChunk(result.Output[1..], result);
    }

    public ValueTask<ITokenModel?> OpenTokensAsync(string model, CancellationToken cancellationToken)
    {
        Check(model, cancellationToken);
        return new(Tokens());
    }

    public virtual bool CanUnload => true;

    public virtual ValueTask<bool> UnloadAsync(string model, CancellationToken cancellationToken)
    {
        Check(model, cancellationToken);
        return new(true);
    }

    public ValueTask DisposeAsync()
    {
        disposed = true;
        return default;
    }

    protected virtual ITokenModel Tokens() => new RightTokens(() => disposed);

    private void Check(string model, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (model != Model)
        {
            throw new InferenceException($"There is no model {model}.");
        }
    }
}

/// <summary>Tokens 0 to 25 are letters, 26 is the end.</summary>
internal class RightTokens(Func<bool> disposed) : ITokenModel
{
    public const int Context = 64;
    public const int Vocabulary = 27;
    public const int End = 26;

    public virtual TokenModelDescription Description { get; } = new(RightBackend.Class, Vocabulary, Context, [End], TakesMessages: false);

    protected bool IsDisposed => disposed();

    public virtual ValueTask<ReadOnlyMemory<int>> EncodeAsync(TokenPrompt prompt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return prompt.Text is { } text
            ? new((ReadOnlyMemory<int>)text.Where(static letter => letter is >= 'a' and <= 'z').Select(static letter => letter - 'a').ToArray())
            : throw new InferenceException("This model takes no messages.");
    }

    public virtual ReadOnlyMemory<byte> BytesOf(int token) => token switch
    {
        End => default,
        >= 0 and < End => new[] { (byte)('a' + token) },
        _ => throw new InferenceException($"There is no token {token}."),
    };

    public virtual ValueTask<ITokenSequence> BeginAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        return new(new RightSequence(this));
    }

    public virtual async IAsyncEnumerable<ReadOnlyMemory<float>> ScoreAsync(
        ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        Check(0, prompt);
        Check(prompt.Length, given);
        List<int> tokens = [.. prompt.Span];
        foreach (var token in given.ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Logits(tokens);
            tokens.Add(token);
        }
    }

    public virtual float[] Logits(IReadOnlyList<int> tokens)
    {
        var hash = SHA256.HashData([.. tokens.SelectMany(BitConverter.GetBytes)]);
        return [.. Enumerable.Range(0, Vocabulary).Select(token => (hash[token] / 32f) - 4)];
    }

    public virtual void Check(int before, ReadOnlyMemory<int> tokens)
    {
        if (tokens.Length == 0 || before + tokens.Length > Context || tokens.Span.IndexOfAnyExceptInRange(0, Vocabulary - 1) >= 0)
        {
            throw new InferenceException("These tokens are none, or don't fit.");
        }
    }
}

internal class RightSequence(RightTokens model) : ITokenSequence
{
    protected List<int> Said { get; } = [];

    public int Length => Said.Count;

    public virtual ValueTask<ReadOnlyMemory<float>> AppendAsync(ReadOnlyMemory<int> tokens, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        model.Check(Said.Count, tokens);
        Said.AddRange(tokens.ToArray());
        return new(model.Logits(Said));
    }

    public ValueTask DisposeAsync() => default;
}
