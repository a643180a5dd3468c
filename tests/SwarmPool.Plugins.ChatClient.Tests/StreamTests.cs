using System.Text;
using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Tests.Support;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>Whoever reads an answer as it comes about reads the same text, in whole characters, and nothing that is taken back.</summary>
public sealed class StreamTests
{
    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task A_piece_is_there_before_the_next_is_said(string kind)
    {
        var seen = new TaskCompletionSource();
        await using var server = new ScriptedServer(async exchange =>
        {
            await exchange.BeginAsync();
            await exchange.ChunkAsync(kind == "openai" ? Streams.OpenAi("one ") : Streams.Ollama("one "));
            await seen.Task;
            await exchange.ChunkAsync(kind == "openai" ? Streams.OpenAi("two", "stop") : Streams.Ollama("two", isLast: true));
            await exchange.EndAsync();
        });
        await using var models = new TestModels(server.Url, kind).CountBytes();
        var chunks = new List<InferenceChunk>();
        await foreach (var chunk in StreamAsync(models, """{"messages":[{"role":"user","content":"x"}]}"""))
        {
            chunks.Add(chunk);
            seen.TrySetResult();
        }

        Assert.Equal("one ", Encoding.UTF8.GetString(chunks[0].Delta.Span));
        Assert.Equal("one two", Text(chunks));
        Assert.Equal((1, 7), (chunks[^1].Result!.Usage!.InputTokens, chunks[^1].Result!.Usage!.OutputTokens));
    }

    [Theory]
    [InlineData("", 40, 4096)]
    [InlineData("", 7, 4096)]
    [InlineData("", 1, 4096)]
    [InlineData("", 40, 10)]
    [InlineData(",\"stop\":[\"beeX\",\"🐝 🐝\"]", 40, 4096)]
    public async Task The_pieces_are_the_text_of_the_result(string more, int tokens, int bytes)
    {
        await using var server = new ScriptedServer(static exchange => exchange.SayAsync("a b", "ee", "bee ", "🐝", "", " ", "ä", "🐝 ", "🐝", " bee"));
        await using var models = new TestModels(server.Url).CountBytes();
        models.Limits["max_output_bytes"] = bytes;
        var chunks = new List<InferenceChunk>();
        await foreach (var chunk in StreamAsync(models, $$"""{"messages":[{"role":"user","content":"x"}],"max_tokens":{{tokens}}{{more}}}"""))
        {
            Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(chunk.Delta.Span)); // Each is whole characters.
            chunks.Add(chunk);
        }

        var output = System.Text.Json.Nodes.JsonNode.Parse(chunks[^1].Result!.Output.Span)!;
        Assert.Equal(output["text"]!.GetValue<string>(), Text(chunks));
        Assert.Equal(output["usage"]!["output_tokens"]!.GetValue<long>(), chunks[^1].Result!.Usage!.OutputTokens);
        Assert.InRange(chunks[^1].Result!.Usage!.OutputTokens, 0, Math.Min(tokens, bytes));
    }

    [Fact]
    public async Task Who_reads_no_further_closes_the_stream()
    {
        await using var server = new ScriptedServer(static async exchange =>
        {
            await exchange.BeginAsync();
            await exchange.ChunkAsync(Streams.OpenAi("a"));
            await exchange.WaitAsync();
        });
        await using var models = new TestModels(server.Url);
        await foreach (var chunk in StreamAsync(models, """{"messages":[{"role":"user","content":"x"}]}"""))
        {
            Assert.Equal("a", Encoding.UTF8.GetString(chunk.Delta.Span));
            break;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (server.Left == 0)
        {
            await Task.Delay(5, limit.Token);
        }
    }

    [Fact]
    public async Task Without_a_tokenizer_no_usage_is_told()
    {
        await using var server = new ScriptedServer(static exchange => exchange.SayAsync("a"));
        await using var models = new TestModels(server.Url);

        Assert.Null((await models.RunAsync()).Usage);
    }

    private static IAsyncEnumerable<InferenceChunk> StreamAsync(TestModels models, string input) =>
        models.Backend.StreamAsync(new InferenceRequest(TestModels.Model, TestModels.Chat, Encoding.UTF8.GetBytes(input)), null, default);

    private static string Text(List<InferenceChunk> chunks) => string.Concat(chunks.Select(static chunk => Encoding.UTF8.GetString(chunk.Delta.Span)));
}
