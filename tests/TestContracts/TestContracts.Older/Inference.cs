// The contracts as an inference backend saw them before it could stream or show tokens. Frozen, as those beside it.
namespace SwarmPool.Inference;

public interface IInferenceBackend : IAsyncDisposable
{
    ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken);

    ValueTask LoadAsync(string model, CancellationToken cancellationToken);

    ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken);
}

public sealed record InferenceRequest(string Model, string JobType, ReadOnlyMemory<byte> Input);

public sealed record InferenceResult(ReadOnlyMemory<byte> Output, NumericClass Class, string? Confidence);

public sealed record NumericClass(string ModelSha256, string Runtime, string Device, string Precision);

public sealed record BackendDescription(IReadOnlyList<ModelDescription> Models, IReadOnlyList<DeviceDescription> Devices);

public sealed record ModelDescription(string Name, string Sha256, IReadOnlyList<string> JobTypes);

public sealed record DeviceDescription(string Kind, string Name, long MemoryBytes);

public sealed class InferenceException(string message, Exception? inner = null) : Exception(message, inner);
