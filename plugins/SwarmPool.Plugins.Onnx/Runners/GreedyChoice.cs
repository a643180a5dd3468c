using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>
/// Chooses the likeliest token, the lowest of equals: what the sampler of the runtime (docs/sampling.md) does at temperature 0, so that two machines that get the
/// same logits give the same text.
/// </summary>
internal static class GreedyChoice
{
    /// <param name="logits">One a token of the vocabulary.</param>
    /// <param name="place">Which token of the answer it is, for the message.</param>
    /// <param name="never">Tokens that are not chosen.</param>
    /// <exception cref="InferenceException">A logit is NaN or infinite, or no token is left.</exception>
    public static int Of(ReadOnlySpan<float> logits, int place, IReadOnlySet<long> never)
    {
        var best = -1;
        for (var token = 0; token < logits.Length; token++)
        {
            if (never.Contains(token))
            {
                continue;
            }

            if (!float.IsFinite(logits[token]))
            {
                throw new InferenceException($"The decoder's logit of token {token} at place {place} of the answer is {(float.IsNaN(logits[token]) ? "NaN" : "infinite")}: the model is damaged, or doesn't suit this device.");
            }

            if (best < 0 || logits[token] > logits[best])
            {
                best = token;
            }
        }

        return best >= 0 ? best : throw new InferenceException("Every token of the decoder's vocabulary is in suppress: correct model.json.");
    }
}
