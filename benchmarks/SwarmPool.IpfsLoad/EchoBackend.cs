using SwarmPool.Inference;

namespace SwarmPool.IpfsLoad;

/// <summary>A backend that takes no time: it gives the input back.</summary>
internal sealed class EchoBackend : IInferenceBackend
{
    public const string Model = "echo-1";

    private static readonly string Hash = new('e', 64);

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) => new(new BackendDescription(
        [new ModelDescription(Model, Hash, ["echo"])], [new DeviceDescription("cpu", "none", 0)]));

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => default;

    public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) =>
        new(new InferenceResult(request.Input, new NumericClass(Hash, "echo/1", "cpu", "fp32"), "1"));

    public ValueTask DisposeAsync() => default;
}
