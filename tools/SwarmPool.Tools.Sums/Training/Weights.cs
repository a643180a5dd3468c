using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Sums.Training;

/// <summary>A matrix of weights, stored input by input, with its gradient and Adam's two moments.</summary>
/// <remarks>Source: Kingma and Ba, "Adam" (2015); the decay is Loshchilov and Hutter's (2019).</remarks>
internal sealed class Weights(string name, int inputs, int outputs)
{
    private const float FirstDecay = 0.9f;
    private const float SecondDecay = 0.98f;
    private const float Tiny = 1e-9f;

    private readonly float[] first = new float[inputs * outputs];
    private readonly float[] second = new float[inputs * outputs];

    /// <summary>Its name in a GGUF file, without <c>.weight</c>.</summary>
    public string Name => name;

    public int Inputs => inputs;

    public int Outputs => outputs;

    /// <summary>Input by input; one input for what only scales.</summary>
    public float[] Values { get; set; } = new float[inputs * outputs];

    /// <summary>Output by output, as backward steps read it.</summary>
    public float[] Turned()
    {
        var turned = new float[Values.Length];
        for (var i = 0; i < inputs; i++)
        {
            for (var o = 0; o < outputs; o++)
            {
                turned[(o * inputs) + i] = Values[(i * outputs) + o];
            }
        }

        return turned;
    }

    public Weights Scatter(SplitMix random, float bound)
    {
        foreach (ref var value in Values.AsSpan())
        {
            value = random.Between(-bound, bound);
        }

        return this;
    }

    public Weights Fill(float value)
    {
        Array.Fill(Values, value);
        return this;
    }

    /// <summary>Moves against the gradient. <paramref name="firstScale"/> and <paramref name="secondScale"/> undo the moments' start at 0.</summary>
    public void Step(ReadOnlySpan<float> gradient, float rate, float decay, float firstScale, float secondScale)
    {
        var shrink = inputs > 1 ? 1f - (rate * decay) : 1f;
        for (var i = 0; i < Values.Length; i++)
        {
            var slope = gradient[i];
            first[i] = (first[i] * FirstDecay) + (slope * (1f - FirstDecay));
            second[i] = (second[i] * SecondDecay) + (slope * slope * (1f - SecondDecay));
            Values[i] = (Values[i] * shrink) - (rate * (first[i] * firstScale) / (MathF.Sqrt(second[i] * secondScale) + Tiny));
        }
    }

    /// <summary>What undoes the moments' start at 0, for a step that counts from 1.</summary>
    public static (float First, float Second) Scales(int step)
    {
        var (one, two) = (1f, 1f);
        for (var i = 0; i < step && (one > 1e-9f || two > 1e-9f); i++)
        {
            one *= FirstDecay;
            two *= SecondDecay;
        }

        return (1f / (1f - one), 1f / (1f - two));
    }
}
