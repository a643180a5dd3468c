using SwarmPool.Tools.Sums.Training;

namespace SwarmPool.Tools.Sums.Gguf;

/// <summary>Writes the network as a GGUF file of the architecture <c>llama</c>, with its tokenizer.</summary>
internal static class SumsGguf
{
    public static byte[] Write(Transformer network, GgufPrecision precision)
    {
        var file = new GgufWriter()
            .Text("general.architecture", "llama")
            .Text("general.name", SumsModel.Name)
            .Text("general.license", "mit")
            .Number("general.file_type", (int)precision)
            .Number("llama.context_length", Shape.Context)
            .Number("llama.embedding_length", Shape.Width)
            .Number("llama.block_count", Shape.Layers)
            .Number("llama.feed_forward_length", Shape.Units)
            .Number("llama.attention.head_count", Shape.Heads)
            .Number("llama.attention.head_count_kv", Shape.Heads)
            .Number("llama.attention.layer_norm_rms_epsilon", Shape.Epsilon)
            .Number("llama.rope.dimension_count", Shape.HeadWidth)
            .Number("llama.rope.freq_base", (float)Shape.RotaryBase)
            .Number("llama.vocab_size", Vocabulary.Count)
            .Text("tokenizer.ggml.model", "llama")
            .Texts("tokenizer.ggml.tokens", Vocabulary.Pieces)
            .Numbers("tokenizer.ggml.scores", new float[Vocabulary.Count])
            .Numbers("tokenizer.ggml.token_type", Vocabulary.Kinds)
            .Number("tokenizer.ggml.unknown_token_id", 0)
            .Number("tokenizer.ggml.bos_token_id", Vocabulary.Begin)
            .Number("tokenizer.ggml.eos_token_id", Vocabulary.End)
            .Flag("tokenizer.ggml.add_bos_token", true)
            .Flag("tokenizer.ggml.add_eos_token", false)
            .Flag("tokenizer.ggml.add_space_prefix", false);
        foreach (var weights in network.All)
        {
            Write(file, weights, precision, turn: weights != network.Embedding);
        }

        return file.ToArray();
    }

    /// <summary>Replaces the matrices by what is left of them in a file of less precision.</summary>
    public static void Coarsen(Transformer network)
    {
        foreach (var weights in network.All.Where(static weights => weights.Inputs > 1))
        {
            // Blocks lie along the inputs of an output, and along a token's numbers.
            weights.Values = weights == network.Embedding
                ? GgufBlocks.ThroughQ4(weights.Values)
                : new Weights(weights.Name, weights.Outputs, weights.Inputs) { Values = GgufBlocks.ThroughQ4(weights.Turned()) }.Turned();
        }
    }

    // A file has a row for each output; a token's numbers are a row already.
    private static void Write(GgufWriter file, Weights weights, GgufPrecision precision, bool turn)
    {
        var name = weights.Name + ".weight";
        if (weights.Inputs == 1)
        {
            file.Tensor(name, weights.Outputs, 1, 0, GgufBlocks.F32(weights.Values));
            return;
        }

        var values = turn ? weights.Turned() : weights.Values;
        var (width, rows) = turn ? (weights.Inputs, weights.Outputs) : (weights.Outputs, weights.Inputs);
        file.Tensor(name, width, rows, (int)precision, precision == GgufPrecision.F16 ? GgufBlocks.F16(values) : GgufBlocks.Q4(values));
    }
}
