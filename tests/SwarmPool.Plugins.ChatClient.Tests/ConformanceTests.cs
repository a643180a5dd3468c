using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Tests.Support;
using SwarmPool.Testing.Inference;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>The contract of a backend, over a real server.</summary>
[Trait("Needs", "inference")]
public sealed class ConformanceTests(InferenceServer server) : BackendSuite, IClassFixture<InferenceServer>, IAsyncDisposable
{
    private readonly TestModels folder = new(server.Url);

    protected override bool IsExact => false;

    protected override InferenceRequest Sample { get; } =
        new(TestModels.Model, TestModels.Chat, """{"messages":[{"role":"user","content":"hello"}],"max_tokens":4,"seed":7}"""u8.ToArray());

    public ValueTask DisposeAsync() => folder.DisposeAsync();

    protected override IInferenceBackend Make()
    {
        folder.Write();
        var builder = new TestBuilder(folder.Folder);
        builder.UseChatClient(options => (options.Models, options.MaxParallel) = (folder.Folder, Parallel));
        return builder.Build();
    }
}

/// <summary>The contract of a backend, over servers that say the same each time.</summary>
public abstract class ScriptedConformance(string kind, string task, Func<Exchange, Task> script) : BackendSuite, IAsyncLifetime
{
    private readonly ScriptedServer server = new(script);
    private TestModels? folder;

    protected override InferenceRequest Sample { get; } = new(
        TestModels.Model, task, task == TestModels.Chat ? """{"messages":[{"role":"user","content":"hello"}]}"""u8.ToArray() : """{"input":["hello"]}"""u8.ToArray());

    public ValueTask InitializeAsync()
    {
        folder = new TestModels(server.Url, kind, task).CountBytes();
        folder.Write();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await folder!.DisposeAsync();
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override IInferenceBackend Make()
    {
        var builder = new TestBuilder(folder!.Folder);
        builder.UseChatClient(options => (options.Models, options.MaxParallel) = (folder.Folder, Parallel));
        return builder.Build();
    }
}

public sealed class OpenAiConformanceTests() : ScriptedConformance("openai", TestModels.Chat, static exchange => exchange.SayAsync("Hel", "lo"));

public sealed class OllamaConformanceTests() : ScriptedConformance("ollama", TestModels.Chat, static exchange => exchange.SayAsOllamaAsync("Hel", "lo"));

public sealed class EmbeddingConformanceTests() : ScriptedConformance(
    "ollama", TestModels.Embeddings, static exchange => exchange.AnswerAsync("200 OK", """{"model":"tiny","embeddings":[[1,2.5]]}"""));
