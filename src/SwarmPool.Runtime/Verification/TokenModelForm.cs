using SwarmPool.Inference;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Runtime.Generation;

namespace SwarmPool.Runtime.Verification;

/// <summary>What holds of an honest answer's evidence by the model's own vocabulary, before anything is computed: whoever has the model can tell.</summary>
internal static class TokenModelForm
{
    /// <summary>What is wrong; null when the tokens, the text and its end are what they have to be.</summary>
    /// <exception cref="InferenceException">The model takes no such prompt here, or the backend failed.</exception>
    public static async ValueTask<string?> ProblemAsync(TextJob job, TokenEvidence evidence, ReadOnlyMemory<byte> output, ITokenModel model, CancellationToken cancellationToken)
    {
        var about = model.Description;
        if (evidence.PromptIds.Span.IndexOfAnyExceptInRange(0, about.VocabularySize - 1) >= 0 || !InVocabulary(evidence, about.VocabularySize))
        {
            return "a token is none of the model's";
        }

        if (evidence.TopCount < Math.Min(TokenEvidence.UsualTop, about.VocabularySize))
        {
            return FormattableString.Invariant($"{evidence.TopCount} tokens are stated a position");
        }

        var prompt = await model.EncodeAsync(job.Prompt, cancellationToken);
        if (!prompt.Span.SequenceEqual(evidence.PromptIds.Span))
        {
            return "the prompt's tokens are others than the job's";
        }

        var most = job.MaxTokens ?? Math.Max(1, Math.Min(TextJob.DefaultTokens, about.ContextLength - prompt.Length));
        var (finish, text) = End(job, evidence, model, most);
        return finish != evidence.Finish ? $"the answer ends by {evidence.Finish}, and its tokens by {finish ?? "nothing"}"
            : text != TokenForm.TextOf(output) ? "the text is another than its tokens make"
            : null;
    }

    // The text as the tokens bring it, and why it ends where it ends; null when it would end elsewhere.
    private static (string? Finish, string Text) End(TextJob job, TokenEvidence evidence, ITokenModel model, int most)
    {
        var (written, last) = (new AnswerBytes(job.Stop), evidence.Positions.Count - 1);
        for (var at = 0; at <= last; at++)
        {
            var token = evidence.Positions[at].Chosen.Token;
            var finish = model.Description.EndTokens.Contains(token) ? TokenFinish.Stop
                : written.Add(model.BytesOf(token).Span) ? TokenFinish.StopString
                : at + 1 == most ? TokenFinish.Length
                : null;
            if (finish is not null || at == last)
            {
                return (at == last ? finish : null, written.Text);
            }
        }

        return (null, written.Text);
    }

    private static bool InVocabulary(TokenEvidence evidence, int size)
    {
        foreach (var position in evidence.Positions)
        {
            if (position.Chosen.Token >= size)
            {
                return false;
            }

            foreach (var (token, _) in position.Top.Span)
            {
                if (token >= size)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
