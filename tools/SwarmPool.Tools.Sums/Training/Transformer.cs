using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Sums.Training;

/// <summary>The weights of the whole network: embeddings, layers, a last norm, and scores of the next token.</summary>
internal sealed class Transformer
{
    private const ulong FirstWeights = 0x73_75_6D_73;

    public Transformer()
    {
        var random = new SplitMix(FirstWeights);
        Embedding = new Weights("token_embd", Vocabulary.Count, Shape.Width).Scatter(random, 0.5f);
        Layers = [.. Enumerable.Range(0, Shape.Layers).Select(number => new Layer(number, random))];
        LastNorm = new Weights("output_norm", 1, Shape.Width).Fill(1f);
        Scores = new Weights("output", Shape.Width, Vocabulary.Count).Scatter(random, 0.1f);
    }

    /// <summary>A token's row is its numbers: its input is the token.</summary>
    public Weights Embedding { get; }

    public IReadOnlyList<Layer> Layers { get; }

    public Weights LastNorm { get; }

    public Weights Scores { get; }

    public IReadOnlyList<Weights> All => [Embedding, LastNorm, Scores, .. Layers.SelectMany(static layer => layer.All)];

    public int Count => All.Sum(static weights => weights.Values.Length);
}
