using SwarmPool.Inference;

namespace SwarmPool.Runtime.Tests.Generation;

/// <summary>A backend with one model, "letters", that shows the given tokens; without any it writes its texts itself.</summary>
internal sealed class TokenBackend(ITokenModel? tokens) : IInferenceBackend
{
    private static readonly NumericClass Class = new(new string('c', 64), "test/1", "cpu", "fp32");

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) =>
        new(new BackendDescription([new ModelDescription("letters", Class.ModelSha256, ["text-generation"])], [new DeviceDescription("cpu", "Test CPU", 0)]));

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => default;

    public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) =>
        tokens is null ? new(new InferenceResult("its own"u8.ToArray(), Class, null)) : throw new InferenceException("It is asked for its tokens.");

    public ValueTask<ITokenModel?> OpenTokensAsync(string model, CancellationToken cancellationToken) => new(tokens);

    public ValueTask DisposeAsync() => default;
}
