using System.Runtime.CompilerServices;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Generation;

/// <summary>Writes an answer token by token: the model says how likely each is, <see cref="TokenSampler"/> chooses, and what was chosen is counted.</summary>
internal static class TextGeneration
{
    /// <summary>The answer as it comes about; its last chunk has the result.</summary>
    /// <param name="model">The model.</param>
    /// <param name="job">The job, whose CID is the seed.</param>
    /// <param name="text">What is asked.</param>
    /// <param name="progress">Told the part of the tokens asked for that are there, 0 to 100; may be null.</param>
    /// <param name="wantsEvidence">Whether the result is to have its evidence.</param>
    /// <param name="cancellationToken">Ends it, within a token.</param>
    /// <exception cref="InferenceException">The backend failed, or takes no such prompt.</exception>
    /// <exception cref="SwarmPoolException">SP5103: the prompt is empty. SP5104: it doesn't fit. SP5105: the model is broken.</exception>
    public static async IAsyncEnumerable<InferenceChunk> RunAsync(
        ITokenModel model, Cid job, TextJob text, IProgress<int>? progress, bool wantsEvidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var about = model.Description;
        var prompt = await model.EncodeAsync(text.Prompt, cancellationToken);
        var most = text.MaxTokens ?? Math.Max(1, Math.Min(TextJob.DefaultTokens, about.ContextLength - prompt.Length));
        CheckFits(prompt.Length, most, about.ContextLength);

        var sampler = new TokenSampler(job, text.Sampling, prompt.Span);
        var written = new AnswerBytes(text.Stop);
        var evidence = wantsEvidence ? new TokenEvidenceBuilder(prompt, about.VocabularySize) : null;
        var tokens = new List<int>();
        var finish = TokenFinish.Length;
        var last = new int[1];
        ReadOnlyMemory<int> next = prompt;
        await using var sequence = await model.BeginAsync(cancellationToken);
        while (finish == TokenFinish.Length && tokens.Count < most)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var logits = await sequence.AppendAsync(next, cancellationToken);
            if (logits.Length != about.VocabularySize)
            {
                throw ModelRun.Refused(ErrorCodes.LogitsUnusable, $"The model gave {logits.Length} logits at position {tokens.Count} of its answer; its vocabulary has {about.VocabularySize} tokens.");
            }

            last[0] = sampler.Choose(logits.Span);
            evidence?.Add(logits.Span, last[0]);
            sampler.Accept(last[0]);
            tokens.Add(last[0]);
            next = last;
            if (about.EndTokens.Contains(last[0]))
            {
                finish = TokenFinish.Stop;
            }
            else if (written.Add(model.BytesOf(last[0]).Span))
            {
                finish = TokenFinish.StopString;
            }

            progress?.Report(tokens.Count * 100 / most);
            if (finish == TokenFinish.Length && written.TakeSettled() is { Length: > 0 } settled)
            {
                yield return new InferenceChunk(settled, null);
            }
        }

        var usage = new InferenceUsage { InputTokens = prompt.Length, OutputTokens = tokens.Count };
        var output = TextAnswer.Write(finish, tokens, written.Text, usage);
        yield return new InferenceChunk(written.TakeRest(), new InferenceResult(output, about.Class, null)
        {
            Usage = usage,
            Evidence = evidence is null ? default : Encoded(evidence.Build(finish)),
        });
    }

    // An answer that is too long for it has none, and can't be paid by its tokens.
    private static ReadOnlyMemory<byte> Encoded(TokenEvidence evidence) =>
        TokenEvidenceWriter.Write(evidence) is { Length: <= TokenEvidenceCodec.MaxBytes } bytes ? bytes : default;

    private static void CheckFits(int prompt, int wanted, int context)
    {
        if (prompt == 0)
        {
            throw ModelRun.Refused(ErrorCodes.TextInputInvalid, "The prompt has no token, so that there is nothing to go on from. Write something.");
        }

        if ((long)prompt + wanted > context)
        {
            throw ModelRun.Refused(
                ErrorCodes.ContextExceeded,
                $"The prompt has {prompt} tokens and {wanted} are asked for (max_tokens); the model's context has {context}. {(prompt < context ? $"Ask for at most {context - prompt}, or shorten the prompt." : "Shorten the prompt.")}");
        }
    }
}
