using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Another plugin's steps are named in manifests as this one's are.</summary>
public sealed class StepPluginTests
{
    private const string Manifest = """
        {"inputs":[{"name":"x","type":"float32","shape":[1,"n"]}],"outputs":[{"name":"y","type":"float32","shape":[1,"n"]}],
         "preprocess":{"kind":"letters","input":"x","first":"a"},"postprocess":{"kind":"count"}}
        """;

    [Fact]
    public async Task StepsOfAnotherPluginAreUsed()
    {
        await using var made = new MadeModel(Twice(), Manifest, compose: static builder =>
        {
            builder.Services.AddSingleton<IPreprocessorKind>(new Letters("letters"));
            builder.Services.AddSingleton<IPostprocessorKind>(new Count());
        });
        Assert.Equal("6", await made.AnswerAsync("abc"));
        Assert.Contains("send letters from a", await made.RefusalAsync("A"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheirProblemsAreToldLikeOthersAndWhatTheyDoNotReadIs()
    {
        await using var made = new MadeModel(Twice(), Manifest.Replace("\"first\":\"a\"", "\"first\":\"ab\",\"second\":1", StringComparison.Ordinal), compose: static builder =>
        {
            builder.Services.AddSingleton<IPreprocessorKind>(new Letters("letters"));
            builder.Services.AddSingleton<IPostprocessorKind>(new Count());
        });
        var refusal = await made.StartRefusalAsync();
        Assert.Contains("$.preprocess.first: write 1 to 1 printable ASCII characters", refusal, StringComparison.Ordinal);
        Assert.Contains("$.preprocess.second: there is no such key here", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutThePluginTheKindsThatThereAreAreNamed()
    {
        await using var made = new MadeModel(Twice(), Manifest);
        var refusal = await made.StartRefusalAsync();
        Assert.Contains("$.preprocess.kind: write one of audio, image, png-gray, safetensors, tensor-json, text, wav-mono16, not \"letters\"", refusal, StringComparison.Ordinal);
        Assert.Contains("$.postprocess.kind: write one of ctc-text, detections, embedding, png, safetensors, softmax-argmax, speech-segments, tensor-json, text, token-text, top-k, not \"count\"", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("Letters")]
    public void ANameThatIsTakenOrNoneIsAnErrorAtStart(string name)
    {
        var refused = Assert.Throws<InferenceException>(() => new MadeModel(Twice(), Manifest, compose: builder => builder.Services.AddSingleton<IPreprocessorKind>(new Letters(name))));
        Assert.Contains($"calls its step \"{name}\"", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Twice() => new OnnxGraph().Input("x", "float32", 1, "n").Output("y", "float32", 1, "n").Node("Add", ["x", "x"], ["y"]).ToArray();

    private sealed class Letters(string kind) : IPreprocessorKind
    {
        public string Kind => kind;

        public IPreprocessor Make(IStepParameters parameters) => new Reader(parameters.Input("input", types: TensorType.Float32)?.Name ?? "", parameters.Text("first", most: 1));

        private sealed class Reader(string input, string first) : IPreprocessor
        {
            public IReadOnlyList<string> Feeds { get; } = [input];

            public PreparedInput Read(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
            {
                var numbers = bytes.ToArray().Select(letter => letter >= first[0] ? 1f : throw new InferenceException($"Please send letters from {first}.")).ToArray();
                return new PreparedInput(new Dictionary<string, ModelTensor>(StringComparer.Ordinal) { [input] = new([1, numbers.Length], numbers) });
            }
        }
    }

    private sealed class Count : IPostprocessorKind
    {
        public string Kind => "count";

        public IPostprocessor Make(IStepParameters parameters) => new Writer();

        private sealed class Writer : IPostprocessor
        {
            public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context) =>
                new(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"{outputs["y"].ToFloats().Sum()}")), null);
        }
    }
}
