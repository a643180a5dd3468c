using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Sums.Training;

/// <summary>What one layer computed of some texts, kept for the way back.</summary>
internal sealed class LayerPass(int positions, int length)
{
    public float[] Entering { get; } = new float[positions * Shape.Width];

    public float[] AttentionScale { get; } = new float[positions];

    public float[] Normed { get; } = new float[positions * Shape.Width];

    public float[] Query { get; } = new float[positions * Shape.Width];

    public float[] Key { get; } = new float[positions * Shape.Width];

    public float[] Value { get; } = new float[positions * Shape.Width];

    /// <summary>Which position looks at which, head by head.</summary>
    public float[] Looks { get; } = new float[positions * Shape.Heads * length];

    public float[] Seen { get; } = new float[positions * Shape.Width];

    public float[] Between { get; } = new float[positions * Shape.Width];

    public float[] UnitsScale { get; } = new float[positions];

    public float[] UnitsNormed { get; } = new float[positions * Shape.Width];

    public float[] Gate { get; } = new float[positions * Shape.Units];

    public float[] Up { get; } = new float[positions * Shape.Units];

    public float[] Gated { get; } = new float[positions * Shape.Units];
}

/// <summary>Runs texts of one length through the network, and slopes back through it. Not thread-safe: one for each worker.</summary>
internal sealed class Pass(Transformer network, int texts, int length)
{
    private static readonly float LookScale = 1f / MathF.Sqrt(Shape.HeadWidth);

    private readonly int positions = texts * length;
    private readonly LayerPass[] layers = [.. network.Layers.Select(_ => new LayerPass(texts * length, length))];
    private readonly float[] leaving = new float[texts * length * Shape.Width];
    private readonly float[] lastScale = new float[texts * length];
    private readonly float[] lastNormed = new float[texts * length * Shape.Width];

    /// <summary>The scores of each next token, position by position.</summary>
    public float[] Scores { get; } = new float[texts * length * Vocabulary.Count];

    /// <summary>Computes <see cref="Scores"/> of texts that lie one after the other.</summary>
    public void Forward(ReadOnlySpan<int> tokens)
    {
        for (var at = 0; at < positions; at++)
        {
            network.Embedding.Values.AsSpan(tokens[at] * Shape.Width, Shape.Width).CopyTo(leaving.AsSpan(at * Shape.Width));
        }

        for (var number = 0; number < layers.Length; number++)
        {
            Forward(network.Layers[number], layers[number]);
        }

        Norm(leaving, network.LastNorm, lastNormed, lastScale);
        Multiply(lastNormed, network.Scores, Scores);
    }

    /// <summary>Adds the slopes that follow from the scores' to a gradient.</summary>
    public void Backward(ReadOnlySpan<int> tokens, ReadOnlySpan<float> scoreSlopes, Gradient gradient)
    {
        var normed = new float[leaving.Length];
        Back(scoreSlopes, lastNormed, network.Scores, gradient, normed);
        var slopes = new float[leaving.Length];
        NormBack(normed, leaving, lastScale, network.LastNorm, gradient, slopes);
        for (var number = layers.Length - 1; number >= 0; number--)
        {
            Backward(network.Layers[number], layers[number], slopes, gradient);
        }

        var embedding = gradient[network.Embedding];
        for (var at = 0; at < positions; at++)
        {
            Vectors.AddScaled(embedding.AsSpan(tokens[at] * Shape.Width, Shape.Width), slopes.AsSpan(at * Shape.Width, Shape.Width), 1f);
        }
    }

    private void Forward(Layer layer, LayerPass pass)
    {
        leaving.CopyTo(pass.Entering, 0);
        Norm(pass.Entering, layer.AttentionNorm, pass.Normed, pass.AttentionScale);
        Multiply(pass.Normed, layer.Query, pass.Query);
        Multiply(pass.Normed, layer.Key, pass.Key);
        Multiply(pass.Normed, layer.Value, pass.Value);
        Turn(pass.Query, 1f);
        Turn(pass.Key, 1f);
        Look(pass);
        pass.Entering.CopyTo(pass.Between, 0);
        AddProduct(pass.Seen, layer.Out, pass.Between);

        Norm(pass.Between, layer.UnitsNorm, pass.UnitsNormed, pass.UnitsScale);
        Multiply(pass.UnitsNormed, layer.Gate, pass.Gate);
        Multiply(pass.UnitsNormed, layer.Up, pass.Up);
        for (var i = 0; i < pass.Gated.Length; i++)
        {
            pass.Gated[i] = pass.Gate[i] * Sigmoid(pass.Gate[i]) * pass.Up[i];
        }

        pass.Between.CopyTo(leaving, 0);
        AddProduct(pass.Gated, layer.Down, leaving);
    }

    private void Backward(Layer layer, LayerPass pass, float[] slopes, Gradient gradient)
    {
        var gated = new float[pass.Gated.Length];
        Back(slopes, pass.Gated, layer.Down, gradient, gated);
        var (gate, up) = (new float[gated.Length], new float[gated.Length]);
        for (var i = 0; i < gated.Length; i++)
        {
            var sigmoid = Sigmoid(pass.Gate[i]);
            up[i] = gated[i] * pass.Gate[i] * sigmoid;
            gate[i] = gated[i] * pass.Up[i] * sigmoid * (1f + (pass.Gate[i] * (1f - sigmoid)));
        }

        var normed = new float[slopes.Length];
        Back(gate, pass.UnitsNormed, layer.Gate, gradient, normed);
        Back(up, pass.UnitsNormed, layer.Up, gradient, normed);
        NormBack(normed, pass.Between, pass.UnitsScale, layer.UnitsNorm, gradient, slopes);

        var seen = new float[slopes.Length];
        Back(slopes, pass.Seen, layer.Out, gradient, seen);
        var (query, key, value) = (new float[slopes.Length], new float[slopes.Length], new float[slopes.Length]);
        LookBack(pass, seen, query, key, value);
        Turn(query, -1f);
        Turn(key, -1f);
        Array.Clear(normed);
        Back(query, pass.Normed, layer.Query, gradient, normed);
        Back(key, pass.Normed, layer.Key, gradient, normed);
        Back(value, pass.Normed, layer.Value, gradient, normed);
        NormBack(normed, pass.Entering, pass.AttentionScale, layer.AttentionNorm, gradient, slopes);
    }

    private void Look(LayerPass pass)
    {
        Array.Clear(pass.Seen);
        for (var at = 0; at < positions; at++)
        {
            var start = at - (at % length);
            for (var head = 0; head < Shape.Heads; head++)
            {
                var looks = pass.Looks.AsSpan(((at * Shape.Heads) + head) * length, (at % length) + 1);
                for (var to = 0; to < looks.Length; to++)
                {
                    looks[to] = Vectors.Dot(Head(pass.Query, at, head), Head(pass.Key, start + to, head)) * LookScale;
                }

                Vectors.Softmax(looks);
                for (var to = 0; to < looks.Length; to++)
                {
                    Vectors.AddScaled(Head(pass.Seen, at, head), Head(pass.Value, start + to, head), looks[to]);
                }
            }
        }
    }

    private void LookBack(LayerPass pass, float[] seen, float[] query, float[] key, float[] value)
    {
        Span<float> slopes = stackalloc float[length];
        for (var at = 0; at < positions; at++)
        {
            var start = at - (at % length);
            for (var head = 0; head < Shape.Heads; head++)
            {
                var looks = pass.Looks.AsSpan(((at * Shape.Heads) + head) * length, (at % length) + 1);
                var mean = 0f;
                for (var to = 0; to < looks.Length; to++)
                {
                    slopes[to] = Vectors.Dot(Head(seen, at, head), Head(pass.Value, start + to, head));
                    mean += slopes[to] * looks[to];
                    Vectors.AddScaled(Head(value, start + to, head), Head(seen, at, head), looks[to]);
                }

                for (var to = 0; to < looks.Length; to++)
                {
                    var slope = looks[to] * (slopes[to] - mean) * LookScale;
                    Vectors.AddScaled(Head(query, at, head), Head(pass.Key, start + to, head), slope);
                    Vectors.AddScaled(Head(key, start + to, head), Head(pass.Query, at, head), slope);
                }
            }
        }
    }

    private static Span<float> Head(float[] values, int position, int head) => values.AsSpan((position * Shape.Width) + (head * Shape.HeadWidth), Shape.HeadWidth);

    private void Turn(float[] values, float direction)
    {
        for (var at = 0; at < positions; at++)
        {
            Rotary.Turn(values.AsSpan(at * Shape.Width, Shape.Width), at % length, direction);
        }
    }

    // Zhang and Sennrich, "Root mean square layer normalization" (2019).
    private void Norm(float[] values, Weights weights, float[] normed, float[] scales)
    {
        for (var at = 0; at < positions; at++)
        {
            var value = values.AsSpan(at * Shape.Width, Shape.Width);
            var scale = 1f / MathF.Sqrt((Vectors.Dot(value, value) / Shape.Width) + Shape.Epsilon);
            scales[at] = scale;
            for (var i = 0; i < Shape.Width; i++)
            {
                normed[(at * Shape.Width) + i] = value[i] * scale * weights.Values[i];
            }
        }
    }

    private void NormBack(float[] normedSlopes, float[] values, float[] scales, Weights weights, Gradient gradient, float[] slopes)
    {
        var weightSlopes = gradient[weights];
        Span<float> weighted = stackalloc float[Shape.Width];
        for (var at = 0; at < positions; at++)
        {
            var value = values.AsSpan(at * Shape.Width, Shape.Width);
            var normed = normedSlopes.AsSpan(at * Shape.Width, Shape.Width);
            for (var i = 0; i < Shape.Width; i++)
            {
                weightSlopes[i] += normed[i] * value[i] * scales[at];
                weighted[i] = normed[i] * weights.Values[i];
            }

            var along = Vectors.Dot(weighted, value) * scales[at] * scales[at] * scales[at] / Shape.Width;
            var slope = slopes.AsSpan(at * Shape.Width, Shape.Width);
            Vectors.AddScaled(slope, weighted, scales[at]);
            Vectors.AddScaled(slope, value, -along);
        }
    }

    private void Multiply(float[] values, Weights weights, float[] products)
    {
        Array.Clear(products);
        AddProduct(values, weights, products);
    }

    private void AddProduct(float[] values, Weights weights, float[] products)
    {
        for (var at = 0; at < positions; at++)
        {
            Vectors.AddProduct(products.AsSpan(at * weights.Outputs, weights.Outputs), values.AsSpan(at * weights.Inputs, weights.Inputs), weights.Values);
        }
    }

    private void Back(ReadOnlySpan<float> slopes, float[] values, Weights weights, Gradient gradient, float[] valueSlopes)
    {
        var (turned, weightSlopes) = (weights.Turned(), gradient[weights]);
        for (var at = 0; at < positions; at++)
        {
            var slope = slopes.Slice(at * weights.Outputs, weights.Outputs);
            Vectors.AddProduct(valueSlopes.AsSpan(at * weights.Inputs, weights.Inputs), slope, turned);
            for (var i = 0; i < weights.Inputs; i++)
            {
                Vectors.AddScaled(weightSlopes.AsSpan(i * weights.Outputs, weights.Outputs), slope, values[(at * weights.Inputs) + i]);
            }
        }
    }

    private static float Sigmoid(float x)
    {
        var small = ExactExp.OfNonPositive(-MathF.Abs(x));
        return x < 0 ? small / (1f + small) : 1f / (1f + small);
    }
}
