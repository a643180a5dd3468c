using System.Security.Cryptography;
using System.Text;
using SwarmPool.Inference;

namespace SwarmPool.Testing.App;

/// <summary>Runs models that are functions.</summary>
internal sealed class TestBackend(IReadOnlyList<TestModel> models) : IInferenceBackend
{
    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) => new(new BackendDescription(
        [.. models.Select(static model => new ModelDescription(model.Name, HashOf(model), [model.JobType]))], [new DeviceDescription("cpu", "a test", 0)]));

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => default;

    public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var model = models.FirstOrDefault(one => one.Name == request.Model) ?? throw new InferenceException($"There is no model {request.Model} in this test: add it by AddModel.");
        try
        {
            return new(new InferenceResult(model.Run(request.Input), new NumericClass(HashOf(model), "test/1", "cpu", "text"), null));
        }
        catch (Exception thrown) when (thrown is not InferenceException)
        {
            return ValueTask.FromException<InferenceResult>(new InferenceException($"The model {model.Name} threw {thrown.GetType().Name}: {thrown.Message}", thrown));
        }
    }

    public ValueTask DisposeAsync() => default;

    private static string HashOf(TestModel model) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(model.Name)));
}
