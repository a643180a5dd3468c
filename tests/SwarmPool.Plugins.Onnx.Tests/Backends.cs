using System.Text;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Tests;

internal static class Backends
{
    public const string Digits = "digits-16";
    public const string Classification = "image-classification";

    public static IInferenceBackend Over(string models, Action<OnnxOptions>? configure = null)
    {
        var builder = new TestBuilder(models);
        builder.UseOnnx(options =>
        {
            options.Models = models;
            options.Device = OnnxDevice.Cpu;
            configure?.Invoke(options);
        });
        return builder.Build();
    }

    public static ValueTask<InferenceResult> RunDigitsAsync(this IInferenceBackend backend, byte[] input, CancellationToken cancellationToken = default) =>
        backend.RunAsync(new InferenceRequest(Digits, Classification, input), null, cancellationToken);

    public static async Task<string> RefusalAsync(this IInferenceBackend backend, byte[] input)
    {
        var refusal = await Assert.ThrowsAsync<InferenceException>(async () => await backend.RunDigitsAsync(input));
        return refusal.Message;
    }

    public static string Text(this InferenceResult result) => Encoding.UTF8.GetString(result.Output.Span);
}
