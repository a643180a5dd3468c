using System.Text.Json;
using SwarmPool.Inference;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Runtime.Generation;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Verification;

/// <summary>What holds of an honest answer's evidence whatever the model is. Each rule is hard: an honest miner's evidence never breaks it.</summary>
/// <remarks>Pure; thread-safe. Takes a stranger's evidence, in its form already.</remarks>
internal static class TokenForm
{
    /// <summary>No vocabulary has more tokens.</summary>
    public const int MostVocabulary = 1 << 20;

    // What rounding to 1/4096 can make of a sum of probabilities that is 1, and of a difference of two logits.
    private const double SumSlack = 1e-3;
    private const double ChoiceSlack = 2.0 / TokenLogProb.Scale;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>What is wrong; null for what an honest miner can have written.</summary>
    /// <param name="jobCid">The job, whose CID is the seed.</param>
    /// <param name="job">What it asks.</param>
    /// <param name="evidence">The evidence.</param>
    /// <param name="output">The output.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static string? Problem(Cid jobCid, TextJob job, TokenEvidence evidence, ReadOnlyMemory<byte> output, CancellationToken cancellationToken) =>
        Sizes(job, evidence) ?? Output(job, evidence, output) ?? Probabilities(evidence) ?? Choices(jobCid, job, evidence, cancellationToken);

    private static string? Sizes(TextJob job, TokenEvidence evidence)
    {
        var (asked, count) = (job.MaxTokens, evidence.Positions.Count);
        if (count > (asked ?? TextJob.DefaultTokens))
        {
            return FormattableString.Invariant($"the answer has {count} tokens, and {asked ?? TextJob.DefaultTokens} were asked for");
        }

        if (evidence.Finish == TokenFinish.Length && asked is not null && count != asked)
        {
            return FormattableString.Invariant($"the answer ends by its length after {count} tokens, and {asked} were asked for");
        }

        if (evidence.Finish == TokenFinish.StopString && job.Stop.Count == 0)
        {
            return "the answer ends by a stop string, and the job has none";
        }

        foreach (var token in evidence.PromptIds.Span)
        {
            if (token >= MostVocabulary)
            {
                return "a token of the prompt is beyond any vocabulary";
            }
        }

        return null;
    }

    // The output is what its tokens and its text make, byte for byte; what of the text is the tokens' own takes the model's vocabulary to say.
    private static string? Output(TextJob job, TokenEvidence evidence, ReadOnlyMemory<byte> output)
    {
        if (TextOf(output) is not { } text)
        {
            return "the output is no answer to a text job";
        }

        var ids = evidence.OutputIds();
        var usage = new InferenceUsage { InputTokens = evidence.PromptIds.Length, OutputTokens = ids.Length };
        if (!TextAnswer.Write(evidence.Finish, ids, text, usage).Span.SequenceEqual(output.Span))
        {
            return "the output is another than its evidence makes: other tokens, another end, another usage, or another form";
        }

        // A text has U+FFFD for what is no character; a stop string is looked for in the bytes.
        return job.Stop.FirstOrDefault(stop => !stop.Contains('\uFFFD', StringComparison.Ordinal) && text.Contains(stop, StringComparison.Ordinal)) is null ? null : "the text has a stop string in it, before which it would have ended";
    }

    /// <summary>The text of an output; null when it is no answer to a text job.</summary>
    public static string? TextOf(ReadOnlyMemory<byte> output)
    {
        try
        {
            // Not by TextFile: a model that writes byte by byte may write NUL, which is no text elsewhere.
            using var document = JsonDocument.Parse(output, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
                ? text.GetString()
                : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null; // It is not JSON, or has half a character: the caller says what that means.
        }
    }

    private static string? Probabilities(TokenEvidence evidence)
    {
        for (var at = 0; at < evidence.Positions.Count; at++)
        {
            var position = evidence.Positions[at];
            var (sum, isStated) = (0.0, false);
            foreach (var (token, logProb) in position.Top.Span)
            {
                if (token >= MostVocabulary)
                {
                    return FormattableString.Invariant($"a token at position {at} is beyond any vocabulary");
                }

                isStated |= token == position.Chosen.Token;
                sum += Math.Exp(logProb / (double)TokenLogProb.Scale);
            }

            sum += isStated ? 0 : Math.Exp(position.Chosen.LogProb / (double)TokenLogProb.Scale);
            if (sum > 1 + SumSlack)
            {
                return FormattableString.Invariant($"the probabilities at position {at} are {sum:F4} together, more than 1");
            }

            // A vocabulary of fewer tokens has all of the probability in them.
            if (evidence.TopCount < TokenEvidence.UsualTop && sum < 1 - SumSlack)
            {
                return FormattableString.Invariant($"{evidence.TopCount} tokens are stated a position, and {TokenEvidence.UsualTop} are needed");
            }

            if (position.Chosen.Token >= MostVocabulary)
            {
                return FormattableString.Invariant($"the chosen token at position {at} is beyond any vocabulary");
            }
        }

        return null;
    }

    // Each token is what the sampler can have chosen from logits like these.
    private static string? Choices(Cid jobCid, TextJob job, TokenEvidence evidence, CancellationToken cancellationToken)
    {
        var sampler = new TokenSampler(jobCid, job.Sampling, evidence.PromptIds.Span);
        var stated = new TokenLogit[TokenEvidence.MostTop + 1];
        for (var at = 0; at < evidence.Positions.Count; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var position = evidence.Positions[at];
            var (count, isStated) = (0, false);
            foreach (var one in position.Top.Span)
            {
                stated[count++] = Logit(one, position.LogSum);
                isStated |= one.Token == position.Chosen.Token;
            }

            if (!isStated)
            {
                stated[count++] = Logit(position.Chosen, position.LogSum);
            }

            if (!sampler.CanChoose(stated.AsSpan(0, count), position.Chosen.Token, ChoiceSlack))
            {
                return FormattableString.Invariant($"the sampler would not choose token {position.Chosen.Token} at position {at} from what is stated there");
            }

            sampler.Accept(position.Chosen.Token);
        }

        return null;
    }

    // Exact: 24 bits hold it, but for sums of logits beyond what any model gives.
    private static TokenLogit Logit(TokenLogProb one, int logSum) => new(one.Token, (float)(((double)one.LogProb + logSum) / TokenLogProb.Scale));
}
