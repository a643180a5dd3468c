namespace SwarmPool.Tools.Sums.Training;

/// <summary>The slope of each weight, summed over some examples.</summary>
internal sealed class Gradient
{
    private readonly Dictionary<Weights, float[]> of;

    public Gradient(Transformer network) => of = network.All.ToDictionary(static weights => weights, static weights => new float[weights.Values.Length]);

    public float[] this[Weights weights] => of[weights];

    public void Clear()
    {
        foreach (var slope in of.Values)
        {
            Array.Clear(slope);
        }
    }
}
