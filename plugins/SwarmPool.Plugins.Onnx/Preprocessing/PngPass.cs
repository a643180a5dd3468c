namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>One of the smaller pictures that an interlaced PNG picture comes in; one that isn't comes in one.</summary>
/// <remarks>Source: PNG specification, section 8.2 (Adam7).</remarks>
/// <param name="X">The column of its first pixel.</param>
/// <param name="Y">The row of its first pixel.</param>
/// <param name="StepX">From each of its pixels to the next in a row.</param>
/// <param name="StepY">From each of its rows to the next.</param>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY)
{
    private static readonly PngPass[] Whole = [new(0, 0, 1, 1)];

    private static readonly PngPass[] Adam7 = [new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2)];

    /// <summary>Those of a picture that have a pixel at all, in order.</summary>
    public static IEnumerable<PngPass> Of(PngHeader header) =>
        (header.IsInterlaced ? Adam7 : Whole).Where(pass => pass.X < header.Width && pass.Y < header.Height);

    /// <summary>Pixels in each of its rows.</summary>
    public int Width(PngHeader header) => (header.Width - X + StepX - 1) / StepX;
}
