using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Plugins.ChatClient.Tests.Support;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>Any IChatClient or IEmbeddingGenerator that the services have serves a model, by the same rules as a server.</summary>
public sealed class CodeClientTests
{
    [Fact]
    public async Task A_client_in_code_is_asked_by_its_key()
    {
        ChatOptions? asked = null;
        await using var models = Models(new Client((options, _) =>
        {
            asked = options;
            return Pieces("a", "b");
        }));
        var answer = await models.AnswerAsync("""{"messages":[{"role":"user","content":"x"}],"max_tokens":7,"seed":3}""");

        Assert.Equal("ab", answer["text"]!.GetValue<string>());
        Assert.Equal((7, 3L), (asked!.MaxOutputTokens, asked.Seed));
        Assert.Equal("unverified/code", (await models.RunAsync()).Class.Runtime);
    }

    [Fact]
    public async Task A_generator_in_code_is_asked_by_its_key()
    {
        await using var models = new TestModels(new Uri("http://127.0.0.1:9/"), task: TestModels.Embeddings);
        models.Manifest["endpoint"] = new JsonObject { ["kind"] = "code", ["key"] = "mine" };
        models.Services.AddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>("mine", new Generator());

        Assert.Equal("""["3"]""", (await models.AnswerAsync("""{"input":["abc"]}"""))["outputs"]!["embeddings"]!["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_key_that_nobody_has_is_named()
    {
        await using var models = Models(null);

        Assert.EndsWith("(SP5122)", await models.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_throws_is_named_in_one_line()
    {
        await using var models = Models(new Client(static (_, _) => throw new InvalidOperationException("password=hunter22\nno GPU")));
        var said = await models.FaultAsync();

        Assert.StartsWith("The client \"mine\" in code failed: InvalidOperationException: ", said, StringComparison.Ordinal);
        Assert.EndsWith("(SP5126)", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_goes_on_for_ever_is_cut()
    {
        await using var models = Models(new Client(static (_, ended) => ForeverAsync(ended)));

        Assert.Equal("xxxxx", (await models.AnswerAsync("""{"messages":[{"role":"user","content":"x"}],"max_tokens":5}"""))["text"]!.GetValue<string>());
    }

    /// <summary>A library may heed no cancellation, and may even block: who waits is let go all the same.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_deaf_holds_nobody(bool blocks)
    {
        using var silence = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        await using var models = Models(new Client((_, _) => DeafAsync(silence, begun, blocks)));
        using var cancelling = new CancellationTokenSource();
        var run = models.RunAsync(cancellationToken: cancelling.Token).AsTask();
        await begun.Task;
        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(20)));
        silence.Set();
    }

    private static TestModels Models(IChatClient? client)
    {
        var models = new TestModels(new Uri("http://127.0.0.1:9/"));
        models.Manifest["endpoint"] = new JsonObject { ["kind"] = "code", ["key"] = "mine" };
        if (client is not null)
        {
            models.Services.AddKeyedSingleton("mine", client);
        }

        return models;
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Pieces(params string[] pieces)
    {
        foreach (var piece in pieces)
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, piece);
        }

        yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> ForeverAsync([EnumeratorCancellation] CancellationToken ended)
    {
        while (true)
        {
            ended.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, "x");
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> DeafAsync(ManualResetEventSlim silence, TaskCompletionSource begun, bool blocks)
    {
        begun.SetResult();
        if (blocks)
        {
            silence.Wait();
        }
        else
        {
            await Task.Run(silence.Wait);
        }

        yield break;
    }

    private sealed class Client(Func<ChatOptions?, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> stream) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            stream(options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class Generator : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(static value => new Embedding<float>(new float[] { value.Length }))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
