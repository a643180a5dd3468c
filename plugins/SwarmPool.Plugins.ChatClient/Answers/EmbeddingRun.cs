using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Inputs;
using SwarmPool.Plugins.ChatClient.Models;
using SwarmPool.Plugins.ChatClient.Upstream;

namespace SwarmPool.Plugins.ChatClient.Answers;

/// <summary>Passes a job for embeddings on and checks what came: a vector for each text, all of one length, of finite numbers.</summary>
internal static class EmbeddingRun
{
    private const int LeastBytesOfNumber = 4; // "0",

    /// <exception cref="InferenceException">SP5122 to SP5132: the server failed; the message says how.</exception>
    public static async Task<InferenceResult> RunAsync(UpstreamModel model, EmbeddingInput input, UpstreamRun run, IServiceProvider services)
    {
        var made = await UpstreamPump.CallAsync(
            run, ended => UpstreamClients.Embeddings(model.Endpoint, run.Http, services).GenerateAsync(input.Texts, null, ended));
        var vectors = made.Select(static one => one.Vector).ToList();
        Check(model, input, vectors);
        var counts = new AnswerCounts(input.Bytes, model.Tokens is { } counter ? input.Texts.Sum(text => (long)counter.Count(text)) : null, null, null);
        var output = UpstreamOutput.Embeddings(vectors, counts);
        return output.Length <= model.Limits.OutputBytes ? new InferenceResult(output, model.Class, null) { Usage = counts.Usage } : throw TooLarge(model, output.Length);
    }

    private static void Check(UpstreamModel model, EmbeddingInput input, List<ReadOnlyMemory<float>> vectors)
    {
        var endpoint = model.Endpoint;
        if (vectors.Count != input.Texts.Count)
        {
            throw ChatFault.Make(ChatFault.Malformed, $"{endpoint} gave {vectors.Count} vectors for {input.Texts.Count} texts.");
        }

        var length = vectors[0].Length;
        if (length == 0 || vectors.Exists(vector => vector.Length != length))
        {
            throw ChatFault.Make(ChatFault.Malformed, $"{endpoint} gave vectors without numbers, or of different lengths.");
        }

        if ((long)vectors.Count * length * LeastBytesOfNumber > model.Limits.OutputBytes)
        {
            throw TooLarge(model, (long)vectors.Count * length * LeastBytesOfNumber);
        }

        if (vectors.Exists(static vector => vector.Span.ContainsAnyExceptInRange(float.MinValue, float.MaxValue)))
        {
            throw ChatFault.Make(ChatFault.Malformed, $"{endpoint} gave a vector with something in it that is no finite number.");
        }
    }

    private static InferenceException TooLarge(UpstreamModel model, long bytes) => ChatFault.Make(
        ChatFault.TooLarge, $"The vectors of {model.Endpoint} have {bytes} bytes or more as an output; at most {model.Limits.OutputBytes} are allowed (limits.max_output_bytes). Send fewer texts, or raise it.");
}
