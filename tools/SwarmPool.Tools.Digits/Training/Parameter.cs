using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Digits.Training;

/// <summary>Some weights with their gradient and their momentum.</summary>
internal sealed class Parameter(float[] values)
{
    private readonly float[] velocity = new float[values.Length];

    /// <summary>The gradient summed so far.</summary>
    public float[] Gradient { get; } = new float[values.Length];

    /// <summary>Moves the weights against the gradient and clears it.</summary>
    public void Step(float rate, float momentum)
    {
        // velocity = momentum * velocity - rate * gradient, in the element-wise form whose bits don't depend on the machine.
        Vectors.AddScaled(velocity, velocity, momentum - 1f);
        Vectors.AddScaled(velocity, Gradient, -rate);
        Vectors.AddScaled(values, velocity, 1f);
        Array.Clear(Gradient);
    }
}
