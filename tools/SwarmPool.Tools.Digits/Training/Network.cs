using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Digits.Training;

/// <summary>A network of one hidden layer: 256 cells, 64 rectified units, 10 scores.</summary>
/// <remarks>
/// Weights are stored input by input, so every loop over a vector adds to elements that don't touch each other: the
/// machine's vector width can't change a bit of the result.
/// </remarks>
internal sealed class Network
{
    public const int Hidden = 64;
    public const int Digits = 10;

    public float[] HiddenWeights { get; } = new float[GlyphImage.Cells * Hidden];

    public float[] HiddenBias { get; } = new float[Hidden];

    public float[] OutputWeights { get; } = new float[Hidden * Digits];

    public float[] OutputBias { get; } = new float[Digits];

    /// <summary>Computes the hidden units and the ten scores.</summary>
    public void Run(ReadOnlySpan<float> cells, Span<float> hidden, Span<float> scores)
    {
        HiddenBias.CopyTo(hidden);
        for (var i = 0; i < cells.Length; i++)
        {
            Vectors.AddScaled(hidden, HiddenWeights.AsSpan(i * Hidden, Hidden), cells[i]);
        }

        OutputBias.CopyTo(scores);
        for (var i = 0; i < Hidden; i++)
        {
            hidden[i] = Math.Max(hidden[i], 0f);
            Vectors.AddScaled(scores, OutputWeights.AsSpan(i * Digits, Digits), hidden[i]);
        }
    }

    /// <summary>The digit with the highest score.</summary>
    public int Recognise(ReadOnlySpan<float> cells)
    {
        Span<float> hidden = stackalloc float[Hidden];
        Span<float> scores = stackalloc float[Digits];
        Run(cells, hidden, scores);
        var best = 0;
        for (var digit = 1; digit < Digits; digit++)
        {
            best = scores[digit] > scores[best] ? digit : best;
        }

        return best;
    }
}
