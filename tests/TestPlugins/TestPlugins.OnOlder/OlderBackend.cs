using System.Text;
using SwarmPool.Inference;

namespace TestPlugins.OnOlder;

/// <summary>Says what it was asked.</summary>
internal sealed class OlderBackend : IInferenceBackend
{
    private static readonly NumericClass Class = new(new string('0', 64), "older/1", "cpu", "text");

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) =>
        new(new BackendDescription([new ModelDescription("older", Class.ModelSha256, ["text-generation"])], [new DeviceDescription("cpu", "old", 0)]));

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => default;

    public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) => request.Input.Length == 0
        ? throw new InferenceException("There is no input.")
        : new(new InferenceResult(Encoding.UTF8.GetBytes($"{request.Model} {request.JobType} {request.Input.Length}"), Class, "0.5"));

    public ValueTask DisposeAsync() => default;
}
