using System.Globalization;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Sampling;

namespace SwarmPool.Runtime.Generation;

/// <summary>What a text job's input asks for; docs/sampling.md has its form.</summary>
/// <param name="Prompt">What to go on from.</param>
/// <param name="MaxTokens">The most tokens of the answer, 1 or more; null for <see cref="DefaultTokens"/>, or as many as fit.</param>
/// <param name="Sampling">How tokens are chosen; in range.</param>
/// <param name="Stop">What ends the answer where it appears; none empty.</param>
internal sealed record TextJob(TokenPrompt Prompt, int? MaxTokens, SamplerSettings Sampling, IReadOnlyList<string> Stop)
{
    /// <summary>The kind of job.</summary>
    public const string JobType = "text-generation";

    /// <summary>The most tokens of an answer whose job doesn't say.</summary>
    public const int DefaultTokens = 256;

    private const int MostTokens = 1 << 20;
    private const int MostStops = 16;
    private const int LongestStop = 128;
    private const int MostMessages = 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <exception cref="SwarmPoolException">SP5103: it is no such input; the message says all that is wrong.</exception>
    public static TextJob Read(ReadOnlyMemory<byte> input)
    {
        try
        {
            using var document = TextFile.ParseJson(input, Strict);
            return new Reader(document.RootElement).Read();
        }
        catch (JsonException wrong)
        {
            throw Invalid($"it is not JSON: {wrong.Message}", wrong);
        }
    }

    private static SwarmPoolException Invalid(string why, Exception? cause = null) =>
        ModelRun.Refused(ErrorCodes.TextInputInvalid, $"The input of the text job can't be used: {why.TrimEnd('.')}.", cause);

    private sealed class Reader(JsonElement root)
    {
        private readonly List<string> problems = [];
        private readonly HashSet<string> known = new(StringComparer.Ordinal);

        public TextJob Read()
        {
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw Invalid("it is no object");
            }

            var prompt = Prompt();
            var settings = new SamplerSettings
            {
                Temperature = Number("temperature", 0),
                TopK = Integer("top_k", 1, SamplerSettings.MostCandidates, SamplerSettings.MostCandidates),
                TopP = Number("top_p", 1),
                RepetitionPenalty = Number("repetition_penalty", 1),
                PresencePenalty = Number("presence_penalty", 0),
                FrequencyPenalty = Number("frequency_penalty", 0),
            };
            problems.AddRange(settings.Problems());
            int? tokens = root.TryGetProperty("max_tokens", out _) ? Integer("max_tokens", 1, MostTokens, DefaultTokens) : null;
            var stop = Stops();
            problems.AddRange(root.EnumerateObject().Where(member => !known.Contains(member.Name)).Select(static member => $"there is no key {Shown(member.Name)}"));
            return problems.Count == 0 ? new TextJob(prompt!, tokens, settings, stop) : throw Invalid(string.Join("; ", problems));
        }

        private TokenPrompt? Prompt()
        {
            var (text, messages) = (Find("prompt"), Find("messages"));
            if (text is null == messages is null)
            {
                problems.Add("write either prompt, a text, or messages, a list");
                return null;
            }

            if (text is { ValueKind: JsonValueKind.String } one)
            {
                return TokenPrompt.OfText(one.GetString()!);
            }

            if (messages is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > MostMessages)
            {
                problems.Add(text is null ? $"messages: write a list of 1 to {MostMessages}" : "prompt: write a text");
                return null;
            }

            var read = list.EnumerateArray().Select(Message).ToList();
            return TokenPrompt.OfMessages(read);
        }

        private PromptMessage Message(JsonElement element, int index)
        {
            if (element.ValueKind == JsonValueKind.Object && element.EnumerateObject().Count() == 2
                && element.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
                && element.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
                && role.GetString() is "system" or "user" or "assistant")
            {
                return new PromptMessage(role.GetString()!, content.GetString()!);
            }

            problems.Add($"messages[{index}]: write {{\"role\":\"system\", \"user\" or \"assistant\",\"content\":\"a text\"}}");
            return new PromptMessage("", "");
        }

        private List<string> Stops()
        {
            var stop = Find("stop");
            List<JsonElement> given = stop switch
            {
                null => [],
                { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
                { } one => [one],
            };
            if (given.Count > MostStops || given.Exists(static one => one.ValueKind != JsonValueKind.String || one.GetString() is not { Length: >= 1 and <= LongestStop }))
            {
                problems.Add($"stop: write a text of 1 to {LongestStop} characters, or a list of at most {MostStops}");
                return [];
            }

            return [.. given.Select(static one => one.GetString()!)];
        }

        private int Integer(string key, int least, int most, int otherwise)
        {
            if (Find(key) is not { } value)
            {
                return otherwise;
            }

            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
            {
                return number;
            }

            problems.Add($"{key}: write a whole number from {least} to {most}");
            return otherwise;
        }

        // A number, or as elsewhere in the protocol a decimal string. The range is the sampler's business.
        private double Number(string key, double otherwise)
        {
            if (Find(key) is not { } value)
            {
                return otherwise;
            }

            var text = value.ValueKind switch { JsonValueKind.Number => value.GetRawText(), JsonValueKind.String => value.GetString()!, _ => "" };
            if (text.Length is > 0 and <= 24 && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            problems.Add($"{key}: write a decimal number of at most 24 characters");
            return otherwise;
        }

        private JsonElement? Find(string key)
        {
            known.Add(key);
            return root.TryGetProperty(key, out var value) ? value : null;
        }

        // A stranger's: what is no plain word isn't repeated.
        private static string Shown(string name) =>
            name.Length is > 0 and <= 64 && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') ? $"\"{name}\"" : "of such a name";
    }
}
