using System.Runtime.CompilerServices;
using System.Text;
using SwarmPool.Inference;

namespace TestPlugins.WrongBackend;

internal sealed class WrongBackend(string? loading) : IInferenceBackend
{
    private static readonly NumericClass Class = new(new string('a', 64), "test/1", "cpu", "fp32");

    public bool CanUnload => true;

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) => new(new BackendDescription(
        [.. new[] { "mended", "wrong" }.Select(static name => new ModelDescription(name, Class.ModelSha256, ["text", "text-generation"]) { Class = Class, ContextLength = Letters.Context })],
        [new DeviceDescription("cpu", "a test", 0)]));

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken)
    {
        Check(model, cancellationToken);
        if (model == "wrong" && loading is not null)
        {
            Wrongs.Do(loading);
        }

        return default;
    }

    public ValueTask<bool> UnloadAsync(string model, CancellationToken cancellationToken)
    {
        Check(model, cancellationToken);
        return new(true);
    }

    public async ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await LoadAsync(request.Model, cancellationToken);
        progress?.Report(50);
        var input = Encoding.UTF8.GetString(request.Input.Span);
        if (request.Model == "wrong")
        {
            Wrongs.Do(input);
        }
        else if (input == "wait")
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        else if (input == "key")
        {
            input = $"{Environment.GetEnvironmentVariable("SWARMPOOL_SECRET_OF_THE_TEST")}{Environment.GetEnvironmentVariable("TEST_PRIVATE_KEY")}{Environment.GetEnvironmentVariable("PATH")?.Length > 0}";
        }

        return request.Input.Length == 0
            ? throw new InferenceException("The input is empty.")
            : new InferenceResult(Encoding.UTF8.GetBytes(input.ToUpperInvariant()), Class, "0.5") { Usage = new InferenceUsage { InputTokens = input.Length } };
    }

    public async IAsyncEnumerable<InferenceChunk> StreamAsync(InferenceRequest request, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var input = Encoding.UTF8.GetString(request.Input.Span);
        if (request.Model == "wrong")
        {
            yield return new InferenceChunk("one"u8.ToArray(), null);
            Wrongs.Do(input);
        }

        var result = await RunAsync(request, progress, cancellationToken);
        yield return new InferenceChunk(result.Output[..1], null);
        yield return new InferenceChunk(result.Output[1..], result);
    }

    public ValueTask<ITokenModel?> OpenTokensAsync(string model, CancellationToken cancellationToken)
    {
        Check(model, cancellationToken);
        return new(new Letters(Class, model == "wrong"));
    }

    public ValueTask DisposeAsync() => default;

    private static void Check(string model, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (model is not ("mended" or "wrong"))
        {
            throw new InferenceException($"There is no model \"{model}\".");
        }
    }
}
