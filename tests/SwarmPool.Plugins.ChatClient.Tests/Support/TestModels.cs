using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.ChatClient.Tests.Support;

/// <summary>A models folder with one model, and the backend over it, for as long as a test.</summary>
internal sealed class TestModels : IAsyncDisposable
{
    public const string Model = "tiny";
    public const string Chat = "chat";
    public const string Embeddings = "embeddings";

    private readonly TestBuilder builder;
    private IInferenceBackend? backend;

    public TestModels(Uri url, string kind = "openai", string task = Chat)
    {
        Manifest = new JsonObject
        {
            ["name"] = Model,
            ["task"] = task,
            ["job_types"] = new JsonArray(task),
            ["endpoint"] = new JsonObject { ["kind"] = kind, ["url"] = url.AbsoluteUri, ["model"] = Model },
            ["limits"] = new JsonObject(),
        };
        builder = new TestBuilder(Folder);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("swarmpool-chat-").FullName;

    public JsonObject Manifest { get; }

    public JsonObject Limits => Manifest["limits"]!.AsObject();

    public JsonObject Endpoint => Manifest["endpoint"]!.AsObject();

    public IServiceCollection Services => builder.Services;

    public string Logged => string.Join('\n', builder.Logs.Lines);

    /// <summary>The backend, over what the manifest says when it is first asked for.</summary>
    public IInferenceBackend Backend => backend ??= Make();

    /// <summary>Puts a file beside model.json and says how a manifest names it.</summary>
    public JsonObject Add(string file, string content)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, Model)).FullName;
        File.WriteAllText(Path.Combine(folder, file), content);
        return new JsonObject { ["file"] = file, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))) };
    }

    /// <summary>A tokenizer that has a token for each byte, so that a count is known beforehand.</summary>
    public TestModels CountBytes()
    {
        var ranks = string.Concat(Enumerable.Range(0, 256).Select(static value => $"{Convert.ToBase64String([(byte)value])} {value}\n"));
        Manifest["tokenizer"] = new JsonObject { ["kind"] = "tiktoken", ["vocab"] = Add("bytes.tiktoken", ranks) };
        return this;
    }

    public TestModels WithKey(string key)
    {
        Add("key", key + "\n");
        Endpoint["api_key_file"] = "key";
        return this;
    }

    public ValueTask<InferenceResult> RunAsync(string input = """{"messages":[{"role":"user","content":"hello"}]}""", CancellationToken cancellationToken = default) =>
        Backend.RunAsync(new InferenceRequest(Model, Manifest["task"]!.GetValue<string>(), Encoding.UTF8.GetBytes(input)), null, cancellationToken);

    public async Task<JsonObject> AnswerAsync(string input = """{"messages":[{"role":"user","content":"hello"}]}""") =>
        JsonNode.Parse((await RunAsync(input)).Output.Span)!.AsObject();

    public async Task<string> FaultAsync(string input = """{"messages":[{"role":"user","content":"hello"}]}""")
    {
        var refusal = await Assert.ThrowsAsync<InferenceException>(async () => await RunAsync(input));
        return refusal.Message;
    }

    public void Write()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, Model)).FullName;
        File.WriteAllText(Path.Combine(folder, "model.json"), Manifest.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        if (backend is not null)
        {
            await backend.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private IInferenceBackend Make()
    {
        Write();
        builder.UseChatClient(options => options.Models = Folder);
        return builder.Build();
    }
}
