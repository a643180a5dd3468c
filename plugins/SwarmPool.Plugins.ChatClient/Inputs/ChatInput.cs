using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SwarmPool.Plugins.ChatClient.Inputs;

/// <summary>What a chat job asks for.</summary>
/// <param name="Messages">The conversation; at least one message.</param>
/// <param name="MaxTokens">The most tokens of the answer; 1 or more.</param>
/// <param name="Stop">What ends the answer where it appears; none empty.</param>
/// <param name="Temperature">As the job has it; null when it has none.</param>
/// <param name="TopP">As the job has it; null when it has none.</param>
/// <param name="Seed">As the job has it; null when it has none, and then the server's affair.</param>
internal sealed record ChatInput(IReadOnlyList<ChatMessage> Messages, int MaxTokens, IReadOnlyList<string> Stop, float? Temperature, float? TopP, int? Seed)
{
    private const int MostMessages = 1024;
    private const int MostStops = 16;
    private const int LongestStop = 128;
    private const string Form = "{\"messages\":[{\"role\":\"user\",\"content\":\"…\"}],\"max_tokens\":…,\"temperature\":…,\"top_p\":…,\"stop\":…,\"seed\":…}, all but messages optional,";

    /// <summary>The bytes of all that is said, in UTF-8.</summary>
    public long Bytes => Messages.Sum(static message => (long)Encoding.UTF8.GetByteCount(message.Text));

    /// <param name="input">The job's input.</param>
    /// <param name="mostTokens">What a job may ask for, and what one gets that names no number.</param>
    /// <exception cref="Inference.InferenceException">SP5121: it is no such input; the message says all that is wrong.</exception>
    public static ChatInput Read(ReadOnlyMemory<byte> input, int mostTokens) => InputReader.Read(input, Form, reader => new ChatInput(
        Conversation(reader),
        reader.Integer("max_tokens", 1, mostTokens) ?? mostTokens,
        Stops(reader),
        reader.Number("temperature", 0, 2),
        reader.Number("top_p", 0, 1),
        reader.Integer("seed", 0, int.MaxValue)));

    /// <summary>For the library. A server that heeds nothing of it is held to the limits all the same.</summary>
    public ChatOptions ToOptions() => new()
    {
        MaxOutputTokens = MaxTokens,
        StopSequences = Stop.Count > 0 ? [.. Stop] : null,
        Temperature = Temperature,
        TopP = TopP,
        Seed = Seed,
    };

    private static List<ChatMessage> Conversation(InputReader reader)
    {
        var messages = new List<ChatMessage>();
        foreach (var element in reader.List("messages", MostMessages))
        {
            if (Message(element) is { } message)
            {
                messages.Add(message);
            }
            else
            {
                reader.Problem($"messages[{messages.Count}]: write {{\"role\":\"system\", \"user\" or \"assistant\",\"content\":\"a text\"}}");
                return messages;
            }
        }

        return messages;
    }

    private static ChatMessage? Message(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || element.EnumerateObject().Count() != 2
            || !element.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        ChatRole? known = role.GetString() switch
        {
            "system" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            _ => null,
        };
        return known is { } one ? new ChatMessage(one, content.GetString()) : null;
    }

    private static List<string> Stops(InputReader reader)
    {
        List<JsonElement> given = reader.Find("stop") switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() <= MostStops => [.. list.EnumerateArray()],
            { } one => [one],
        };
        if (given.TrueForAll(static one => one.ValueKind == JsonValueKind.String && one.GetString() is { Length: >= 1 and <= LongestStop }))
        {
            return [.. given.Select(static one => one.GetString()!)];
        }

        reader.Problem($"stop: write a text of 1 to {LongestStop} characters, or a list of at most {MostStops}");
        return [];
    }
}
