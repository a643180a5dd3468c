using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Inference;

namespace Company.Plugin1;

/// <summary>One model, in code: a text is answered by its characters in reverse order.</summary>
internal sealed class TextBackend(BackendOptions options) : IInferenceBackend
{
    private const string JobType = "text";

    // What an answer depends on is this assembly: its hash is the model's.
    private static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(
        Encoding.ASCII.GetBytes(Assembly.GetExecutingAssembly().ManifestModule.ModuleVersionId.ToString())));

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private bool disposed;

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) =>
        new(new BackendDescription([new(options.Model, Sha256, [JobType])], [new("cpu", Environment.MachineName, 0)]));

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken)
    {
        Check(model);
        return ValueTask.CompletedTask;
    }

    public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Check(request.Model);
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report(0);
        var answer = Text(request.Input.Span).ToCharArray();
        Array.Reverse(answer);
        progress?.Report(100);
        return new(new InferenceResult(Encoding.UTF8.GetBytes(answer), new NumericClass(Sha256, "Company.Plugin1/1.0.0", "cpu", "text"), Confidence: null));
    }

    public ValueTask DisposeAsync()
    {
        disposed = true;
        return ValueTask.CompletedTask;
    }

    private void Check(string model)
    {
        if (model != options.Model)
        {
            throw new InferenceException($"There is no model \"{model}\"; there is \"{options.Model}\".");
        }
    }

    // Bytes from a stranger: checked before they are believed.
    private string Text(ReadOnlySpan<byte> input)
    {
        if (input.Length == 0 || input.Length > options.MaxInputBytes)
        {
            throw new InferenceException($"The input has {input.Length} bytes; 1 to {options.MaxInputBytes} are accepted.");
        }

        try
        {
            return Utf8.GetString(input);
        }
        catch (DecoderFallbackException fault)
        {
            throw new InferenceException("The input is not UTF-8 text.", fault);
        }
    }
}
