using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>A model folder that a test makes, and a backend over it.</summary>
internal sealed class MadeModel : IAsyncDisposable
{
    public const string Name = "made";
    public const string JobType = "test";

    private readonly TempModels models = new();
    private readonly TestBuilder builder;

    /// <param name="model">The ONNX file.</param>
    /// <param name="manifest">inputs, outputs, preprocess, runner and postprocess as JSON; what is missing is tensor-json and single.</param>
    /// <param name="files">Files of its steps.</param>
    /// <param name="configure">Options.</param>
    /// <param name="compose">What other plugins add.</param>
    public MadeModel(byte[] model, string manifest, (string Name, byte[] Content)[]? files = null, Action<OnnxOptions>? configure = null, Action<TestBuilder>? compose = null)
    {
        Folder = Directory.CreateDirectory(Path.Combine(models.Folder, Name)).FullName;
        File.WriteAllBytes(Path.Combine(Folder, "m.onnx"), model);
        var json = JsonNode.Parse(manifest)!.AsObject();
        json["name"] = Name;
        json["file"] = "m.onnx";
        json["sha256"] = ExternalModels.Hash(model);
        json["job_types"] = new JsonArray(JobType);
        json.TryAdd("preprocess", JsonNode.Parse("""{"kind":"tensor-json"}"""));
        json.TryAdd("runner", JsonNode.Parse("""{"kind":"single"}"""));
        json.TryAdd("postprocess", JsonNode.Parse("""{"kind":"tensor-json"}"""));
        foreach (var (name, content) in files ?? [])
        {
            File.WriteAllBytes(Path.Combine(Folder, name), content);
        }

        if (files is { Length: > 0 })
        {
            json["files"] = new JsonArray([.. files.Select(static file => new JsonObject { ["file"] = file.Name, ["sha256"] = ExternalModels.Hash(file.Content) })]);
        }

        File.WriteAllText(Path.Combine(Folder, "model.json"), json.ToJsonString());
        builder = new TestBuilder(models.Folder);
        compose?.Invoke(builder);
        builder.UseOnnx(options =>
        {
            options.Models = models.Folder;
            options.Device = OnnxDevice.Cpu;
            configure?.Invoke(options);
        });
        Backend = builder.Build();
    }

    public string Folder { get; }

    public IInferenceBackend Backend { get; }

    public IEnumerable<string> Logged => builder.Logs.Lines;

    public IEnumerable<string> Warnings => builder.Logs.Warnings;

    public async Task<InferenceResult> RunAsync(byte[] input) => await Backend.RunAsync(new InferenceRequest(Name, JobType, input), null, TestContext.Current.CancellationToken);

    public async Task<string> AnswerAsync(byte[] input) => (await RunAsync(input)).Text();

    public Task<string> AnswerAsync(string input) => AnswerAsync(Encoding.UTF8.GetBytes(input));

    public async Task<string> RefusalAsync(byte[] input) => (await Assert.ThrowsAsync<InferenceException>(async () => await RunAsync(input))).Message;

    public Task<string> RefusalAsync(string input) => RefusalAsync(Encoding.UTF8.GetBytes(input));

    public async Task<string> StartRefusalAsync() => (await Assert.ThrowsAsync<InferenceException>(async () => await Backend.DescribeAsync(default))).Message;

    public async Task<string> LoadRefusalAsync() => (await Assert.ThrowsAsync<InferenceException>(async () => await Backend.LoadAsync(Name, default))).Message;

    public async ValueTask DisposeAsync()
    {
        await Backend.DisposeAsync();
        models.Dispose();
    }
}
