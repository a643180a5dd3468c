using System.Globalization;
using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Sums.Training;

/// <summary>The weights of one layer.</summary>
internal sealed class Layer
{
    public Layer(int number, SplitMix random)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"blk.{number}.");
        Weights Square(string name) => new Weights(prefix + name, Shape.Width, Shape.Width).Scatter(random, 0.2f);
        AttentionNorm = new Weights(prefix + "attn_norm", 1, Shape.Width).Fill(1f);
        Query = Square("attn_q");
        Key = Square("attn_k");
        Value = Square("attn_v");
        Out = Square("attn_output");
        UnitsNorm = new Weights(prefix + "ffn_norm", 1, Shape.Width).Fill(1f);
        Gate = new Weights(prefix + "ffn_gate", Shape.Width, Shape.Units).Scatter(random, 0.2f);
        Up = new Weights(prefix + "ffn_up", Shape.Width, Shape.Units).Scatter(random, 0.2f);
        Down = new Weights(prefix + "ffn_down", Shape.Units, Shape.Width).Scatter(random, 0.15f);
    }

    public Weights AttentionNorm { get; }

    public Weights Query { get; }

    public Weights Key { get; }

    public Weights Value { get; }

    public Weights Out { get; }

    public Weights UnitsNorm { get; }

    public Weights Gate { get; }

    public Weights Up { get; }

    public Weights Down { get; }

    public IEnumerable<Weights> All => [AttentionNorm, UnitsNorm, Query, Key, Value, Out, Gate, Up, Down];
}
