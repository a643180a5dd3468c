namespace SwarmPool.Tools.Sums.Training;

/// <summary>The transformer's dimensions, those of the architecture that GGUF calls <c>llama</c>.</summary>
internal static class Shape
{
    /// <summary>Numbers a position is told by.</summary>
    public const int Width = 64;

    public const int Layers = 2;

    public const int Heads = 4;

    public const int HeadWidth = Width / Heads;

    /// <summary>Gated units a layer.</summary>
    public const int Units = 128;

    /// <summary>The most positions that it is made for.</summary>
    public const int Context = 64;

    /// <summary>Added to the mean square before its root is taken.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>The base of the angles by which positions are told.</summary>
    public const double RotaryBase = 10_000;
}
