using System.Security.Cryptography;
using SwarmPool.Inference;
using SwarmPool.Simulation.Engine;

namespace SwarmPool.Simulation.Parties;

/// <summary>Answers an input with its hash, after a while, and sometimes not at all.</summary>
internal sealed class SimBackend(SimProcess process, Dice dice, Func<double> failing, (double Least, double Most) seconds) : IInferenceBackend
{
    private static readonly NumericClass Class = new(new string('a', 64), "simulation", "none", "exact");

    /// <summary>How an input begins that no backend can do anything with.</summary>
    public const string Bad = "bad ";

    public static byte[] Answer(ReadOnlySpan<byte> input) => SHA256.HashData(input);

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) =>
        new(new BackendDescription([new ModelDescription(Cast.Model, Class.ModelSha256, ["t"])], []));

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => default;

    public async ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var output = Answer(request.Input.Span);
        await Task.Delay(dice.Span(seconds.Least, seconds.Most), process.Time, cancellationToken);
        progress?.Report(50);
        return request.Input.Span.StartsWith("bad "u8) ? throw new InferenceException("the input is no input") : dice.Chance(failing()) ? throw new InferenceException("out of memory") : new InferenceResult(output, Class, null);
    }

    public ValueTask DisposeAsync() => default;
}
