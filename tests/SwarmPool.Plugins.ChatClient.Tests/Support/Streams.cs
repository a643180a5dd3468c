using System.Text.Json.Nodes;

namespace SwarmPool.Plugins.ChatClient.Tests.Support;

/// <summary>What honest servers say, piece by piece.</summary>
internal static class Streams
{
    private const string Usage = ""","usage":{"prompt_tokens":70001,"completion_tokens":70002,"total_tokens":140003}""";

    public static string OpenAi(string? text, string? finish = null, string more = "")
    {
        var delta = new JsonObject { ["role"] = "assistant" };
        if (text is not null)
        {
            delta["content"] = text;
        }

        return $$"""data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"tiny","choices":[{"index":0,"delta":{{delta.ToJsonString()}},"finish_reason":{{(finish is null ? "null" : $"\"{finish}\"")}}}]{{more}}}""" + "\n\n";
    }

    public static string Ollama(string text, bool isLast = false, string more = "") =>
        $$"""{"model":"tiny","created_at":"2026-11-30T00:00:00Z","message":{"role":"assistant","content":{{JsonValue.Create(text)!.ToJsonString()}}},"done":{{(isLast ? "true" : "false")}}{{more}}}""" + "\n";

    /// <summary>All of an answer in OpenAI's form, with a usage that is a lie.</summary>
    public static async Task SayAsync(this Exchange exchange, params string[] pieces)
    {
        await exchange.BeginAsync();
        foreach (var piece in pieces)
        {
            await exchange.ChunkAsync(OpenAi(piece));
        }

        await exchange.ChunkAsync(OpenAi(null, "stop", Usage));
        await exchange.ChunkAsync("data: [DONE]\n\n");
        await exchange.EndAsync();
    }

    /// <summary>All of an answer in Ollama's form, with counts that are a lie.</summary>
    public static async Task SayAsOllamaAsync(this Exchange exchange, params string[] pieces)
    {
        await exchange.BeginAsync("application/x-ndjson");
        foreach (var piece in pieces)
        {
            await exchange.ChunkAsync(Ollama(piece));
        }

        await exchange.ChunkAsync(Ollama("", isLast: true, ""","done_reason":"stop","prompt_eval_count":70001,"eval_count":70002"""));
        await exchange.EndAsync();
    }
}
