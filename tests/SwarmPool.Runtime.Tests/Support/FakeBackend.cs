using System.Collections.Concurrent;
using System.Text;
using SwarmPool.Inference;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>A backend that answers with the input's length, after whatever the test makes it wait for.</summary>
internal sealed class FakeBackend(params string[] models) : IInferenceBackend
{
    private readonly string[] models = models.Length == 0 ? ["queenbee-spine"] : models;

    public Func<InferenceRequest, CancellationToken, Task> During { get; set; } = static (_, _) => Task.CompletedTask;

    public ConcurrentQueue<InferenceRequest> Runs { get; } = new();

    public int Cancelled;

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) => new(new BackendDescription(
        [.. models.Select(m => new ModelDescription(m, new string('b', 64), ["image-classification"]))], [new DeviceDescription("cpu", "Test CPU", 0)]));

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => default;

    public async ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        Runs.Enqueue(request);
        progress?.Report(50);
        try
        {
            await During(request, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref Cancelled);
            throw;
        }

        return new InferenceResult(
            Encoding.UTF8.GetBytes($"{{\"bytes\":{request.Input.Length}}}"), new NumericClass(new string('b', 64), "test/1", "cpu", "fp32"), "0.72");
    }

    public ValueTask DisposeAsync() => default;
}
