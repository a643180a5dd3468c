using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Runtime.Generation;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Metering;

/// <summary>
/// The tokens of a text job: those of its evidence, which have to be those of its output, and no more than its input allows. It needs no model: that the prompt's
/// tokens are the prompt's, and the text the tokens', is for those to check who have one.
/// </summary>
internal static class TextUsage
{
    /// <summary>Tokens that a template may add to a prompt. A token of the prompt itself takes a byte of the input at least.</summary>
    public const int TemplateTokens = 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <param name="input">The job's input.</param>
    /// <param name="output">Its output: a stranger's bytes.</param>
    /// <param name="evidence">Its evidence.</param>
    public static (JobUsage? Usage, Refusal? Refusal) Count(ReadOnlyMemory<byte> input, ReadOnlyMemory<byte> output, TokenEvidence evidence)
    {
        try
        {
            using var document = TextFile.ParseJson(output, Strict);
            var why = Difference(document.RootElement, TextJob.Read(input), input.Length, evidence);
            return why is null
                ? (new JobUsage { InputTokens = evidence.PromptIds.Length, OutputTokens = evidence.Positions.Count }, null)
                : (null, new Refusal(ErrorCodes.EvidenceDiffers, $"The evidence is not that of this answer: {why}."));
        }
        catch (JsonException)
        {
            return (null, new Refusal(ErrorCodes.EvidenceDiffers, "The evidence is of a text, and the output is none as text jobs have it."));
        }
        catch (SwarmPoolException unusable)
        {
            return (null, new Refusal(unusable.Code, $"The job can't be counted: {unusable.Message}"));
        }
    }

    private static string? Difference(JsonElement output, TextJob asked, int inputBytes, TokenEvidence evidence)
    {
        var (prompt, answer) = (evidence.PromptIds.Length, evidence.Positions.Count);
        if (output.ValueKind != JsonValueKind.Object
            || !output.TryGetProperty("ids", out var ids) || ids.ValueKind != JsonValueKind.Array
            || !output.TryGetProperty("finish", out var finish) || finish.ValueKind != JsonValueKind.String
            || !output.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return "the output lacks what the output of a text job has";
        }

        if (ids.GetArrayLength() != answer || !AreEqual(ids, evidence))
        {
            return $"the output's tokens are others than the {answer} of the evidence";
        }

        if (finish.GetString() != evidence.Finish)
        {
            return $"the output ends by '{evidence.Finish}' there and otherwise here";
        }

        if (!Says(usage, "input_tokens", prompt) || !Says(usage, "output_tokens", answer))
        {
            return "the output says other numbers of tokens than there are";
        }

        var most = asked.MaxTokens ?? TextJob.DefaultTokens;
        if (answer > most || (evidence.Finish == TokenFinish.Length && asked.MaxTokens is not null && answer != most))
        {
            return $"the job asks for {most} tokens at most, and it has {answer}";
        }

        return prompt > (long)inputBytes + TemplateTokens ? $"its prompt has {prompt} tokens, more than an input of {inputBytes} bytes can have" : null;
    }

    private static bool AreEqual(JsonElement ids, TokenEvidence evidence)
    {
        var at = 0;
        foreach (var id in ids.EnumerateArray())
        {
            if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out var token) || token != evidence.Positions[at++].Chosen.Token)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Says(JsonElement usage, string name, int count) =>
        usage.TryGetProperty(name, out var said) && said.ValueKind == JsonValueKind.Number && said.TryGetInt64(out var number) && number == count;
}
