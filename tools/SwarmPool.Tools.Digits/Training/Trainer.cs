using SwarmPool.Tools.Digits.Glyphs;
using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Digits.Training;

/// <summary>Trains the network by stochastic gradient descent with momentum, on one thread and in one fixed order.</summary>
internal sealed class Trainer
{
    private const ulong TrainingStream = 0x74_72_61_69_6E;
    private const int GlyphsPerDigit = 3_000;
    private const int GlyphSide = 2 * GlyphImage.Size;
    private const int Batch = 32;
    private const int Epochs = 8;
    private const float Momentum = 0.9f;
    private const float FirstRate = 0.06f;
    private const float LastRate = 0.002f;

    private readonly Network network = new();
    private readonly SplitMix random = new(TrainingStream);
    private readonly Parameter hiddenWeights;
    private readonly Parameter hiddenBias;
    private readonly Parameter outputWeights;
    private readonly Parameter outputBias;

    private Trainer()
    {
        hiddenWeights = new Parameter(network.HiddenWeights);
        hiddenBias = new Parameter(network.HiddenBias);
        outputWeights = new Parameter(network.OutputWeights);
        outputBias = new Parameter(network.OutputBias);
    }

    /// <summary>Trains a network; the same weights each time, on every machine.</summary>
    public static Network Train()
    {
        var trainer = new Trainer();
        trainer.Learn(DrawGlyphs());
        return trainer.network;
    }

    private static float[][] DrawGlyphs()
    {
        // The glyph at index i shows digit i % 10.
        var glyphs = new float[GlyphsPerDigit * Network.Digits][];
        for (var i = 0; i < glyphs.Length; i++)
        {
            var digit = i % Network.Digits;
            var gray = GlyphPainter.Paint(digit, SplitMix.For(TrainingStream, digit, i / Network.Digits), GlyphSide);
            glyphs[i] = new float[GlyphImage.Cells];
            GlyphImage.Read(gray, GlyphSide, glyphs[i]);
        }

        return glyphs;
    }

    private void Learn(float[][] glyphs)
    {
        // Uniform within ±sqrt(6 / inputs): the variance that keeps rectified units' signals level (He et al., 2015).
        Scatter(network.HiddenWeights, 0.153f);
        Scatter(network.OutputWeights, 0.306f);
        var order = new int[glyphs.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var (steps, step) = (Epochs * (glyphs.Length / Batch), 0);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            Shuffle(order);
            for (var at = 0; at + Batch <= order.Length; at += Batch)
            {
                foreach (var i in order.AsSpan(at, Batch))
                {
                    AddGradient(glyphs[i], i % Network.Digits);
                }

                var rate = FirstRate + ((LastRate - FirstRate) * (step++ / (float)steps));
                Step(rate / Batch);
            }
        }
    }

    private void AddGradient(ReadOnlySpan<float> cells, int digit)
    {
        Span<float> hidden = stackalloc float[Network.Hidden];
        Span<float> error = stackalloc float[Network.Digits];
        network.Run(cells, hidden, error);
        Vectors.Softmax(error);
        error[digit] -= 1f;

        Vectors.AddScaled(outputBias.Gradient, error, 1f);
        Span<float> hiddenError = stackalloc float[Network.Hidden];
        for (var i = 0; i < Network.Hidden; i++)
        {
            if (hidden[i] > 0f)
            {
                Vectors.AddScaled(outputWeights.Gradient.AsSpan(i * Network.Digits, Network.Digits), error, hidden[i]);
                for (var d = 0; d < Network.Digits; d++)
                {
                    hiddenError[i] += error[d] * network.OutputWeights[(i * Network.Digits) + d];
                }
            }
        }

        Vectors.AddScaled(hiddenBias.Gradient, hiddenError, 1f);
        for (var i = 0; i < cells.Length; i++)
        {
            Vectors.AddScaled(hiddenWeights.Gradient.AsSpan(i * Network.Hidden, Network.Hidden), hiddenError, cells[i]);
        }
    }

    private void Step(float rate)
    {
        hiddenWeights.Step(rate, Momentum);
        hiddenBias.Step(rate, Momentum);
        outputWeights.Step(rate, Momentum);
        outputBias.Step(rate, Momentum);
    }

    private void Scatter(float[] weights, float bound)
    {
        foreach (ref var weight in weights.AsSpan())
        {
            weight = random.Between(-bound, bound);
        }
    }

    private void Shuffle(int[] order)
    {
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
