using System.Runtime.CompilerServices;
using System.Text;
using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Inputs;
using SwarmPool.Plugins.ChatClient.Models;
using SwarmPool.Plugins.ChatClient.Upstream;

namespace SwarmPool.Plugins.ChatClient.Answers;

/// <summary>A part of an answer, as it comes about.</summary>
/// <param name="Delta">The next bytes of the text, in UTF-8 cut between characters; may be empty.</param>
/// <param name="Result">The result; null but with the last.</param>
/// <param name="Limit">The limit that the answer was cut at; null for none.</param>
internal readonly record struct AnswerPart(ReadOnlyMemory<byte> Delta, InferenceResult? Result, string? Limit);

/// <summary>Passes a chat job on and holds the answer to the model's limits: where they are reached the stream is closed, whatever the server makes of it.</summary>
internal static class ChatRun
{
    /// <exception cref="InferenceException">SP5122 to SP5132: the server failed; the message says how.</exception>
    public static async IAsyncEnumerable<AnswerPart> RunAsync(
        UpstreamModel model, ChatInput input, UpstreamRun run, IServiceProvider services, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var answer = new UpstreamText(input.MaxTokens, model.Limits.OutputBytes, input.Stop, model.Tokens);
        string? finish = null;
        var pieces = 0;
        var updates = UpstreamPump.StreamAsync(
            run, ended => UpstreamClients.Chat(model.Endpoint, run.Http, services).GetStreamingResponseAsync(input.Messages, UpstreamClients.Asking(model.Endpoint, input), ended), cancellationToken);
        await foreach (var update in updates)
        {
            answer.Add(update.Text);
            if (answer.Finish is not null)
            {
                break; // Ends the stream, too.
            }

            finish = UpstreamClients.Finish(update) ?? finish;
            pieces++;
            progress?.Report((int)Math.Min(99, pieces * 100L / input.MaxTokens));
            if (answer.TakeSettled() is { Length: > 0 } settled)
            {
                yield return new AnswerPart(Encoding.UTF8.GetBytes(settled), null, null);
            }
        }

        answer.Complete();
        finish = answer.Finish ?? finish
            ?? throw ChatFault.Make(ChatFault.Incomplete, $"The answer of {model.Endpoint} stopped after {answer.Bytes} bytes of text, without a finish reason{(pieces == 0 ? " and without a message that can be read; is endpoint.kind right?" : ".")}");
        progress?.Report(100);
        var rest = Encoding.UTF8.GetBytes(answer.TakeSettled(isLast: true));
        yield return new AnswerPart(rest, Result(model, input, answer, finish), answer.Limit);
    }

    private static InferenceResult Result(UpstreamModel model, ChatInput input, UpstreamText answer, string finish)
    {
        var text = answer.Text;
        var counts = new AnswerCounts(
            input.Bytes, model.Tokens is { } counter ? input.Messages.Sum(message => (long)counter.Count(message.Text)) : null, answer.Bytes, model.Tokens?.Count(text));
        return new InferenceResult(UpstreamOutput.Chat(finish, text, counts), model.Class, null) { Usage = counts.Usage };
    }
}
