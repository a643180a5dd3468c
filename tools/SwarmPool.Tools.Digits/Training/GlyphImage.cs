namespace SwarmPool.Tools.Digits.Training;

/// <summary>What the network sees of a picture: 16×16 cells, 0 paper to 1 ink, each the mean of its pixels.</summary>
/// <remarks>The same numbers that the backend's "png-gray" step makes with width 16, height 16 and invert.</remarks>
internal static class GlyphImage
{
    public const int Size = 16;
    public const int Cells = Size * Size;

    /// <summary>Scales a square picture down; its side is a multiple of 16.</summary>
    public static void Read(ReadOnlySpan<byte> gray, int side, Span<float> cells)
    {
        var block = side / Size;
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var sum = 0;
                for (var row = y * block; row < (y + 1) * block; row++)
                {
                    foreach (var value in gray.Slice((row * side) + (x * block), block))
                    {
                        sum += value;
                    }
                }

                cells[(y * Size) + x] = (float)(1.0 - (sum / (255.0 * block * block)));
            }
        }
    }
}
