namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>Scales a picture: each cell is the mean of the picture's area that it covers, in 0 to 1.</summary>
/// <remarks>The sums are whole numbers, so the result is the same on every machine.</remarks>
internal static class AreaScaler
{
    public static float[] Scale(GrayImage picture, int width, int height, CancellationToken cancellationToken)
    {
        // In units in which a pixel is width × height and a cell picture.Width × picture.Height: both fall on whole numbers.
        var cells = new float[width * height];
        var cellArea = 255.0 * picture.Width * picture.Height;
        for (var y = 0; y < height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var x = 0; x < width; x++)
            {
                cells[(y * width) + x] = (float)(Sum(picture, x, y, width, height) / cellArea);
            }
        }

        return cells;
    }

    private static long Sum(GrayImage picture, int x, int y, int width, int height)
    {
        var (left, right) = (x * picture.Width, (x + 1) * picture.Width);
        var (top, bottom) = (y * picture.Height, (y + 1) * picture.Height);
        long sum = 0;
        for (var row = top / height; row * height < bottom; row++)
        {
            long inRow = 0;
            for (var column = left / width; column * width < right; column++)
            {
                inRow += (long)picture.Pixels[(row * picture.Width) + column] * Overlap(column, width, left, right);
            }

            sum += inRow * Overlap(row, height, top, bottom);
        }

        return sum;
    }

    /// <summary>How much of pixel <paramref name="index"/>, <paramref name="size"/> long, lies from first to last.</summary>
    private static int Overlap(int index, int size, int first, int last) =>
        Math.Min((index + 1) * size, last) - Math.Max(index * size, first);
}
