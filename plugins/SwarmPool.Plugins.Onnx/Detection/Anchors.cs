using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Detection;

/// <summary>
/// Prior boxes on grids: for each step of a grid in pixels, row by row, a box of each size and of each proportion of width to height in the middle of the cell.
/// </summary>
/// <remarks>As Faster R-CNN (Ren et al., 2015), RetinaNet, RetinaFace and their kin lay them out: the area of a size stays the same whatever the proportion.</remarks>
internal sealed class Anchors(IReadOnlyList<Anchors.Grid> grids, bool isNormalised) : IPriors
{
    private const int MostGrids = 16;
    private const int MostSizes = 256;
    private const int MostBoxes = 1 << 22;

    private volatile Made? last;

    /// <summary>A grid: its step, and the boxes of each cell, width and height in pixels.</summary>
    internal sealed record Grid(int Stride, IReadOnlyList<(double Width, double Height)> Cell);

    public static Anchors Read(IStepParameters reader, bool isNormalised)
    {
        var strides = reader.Numbers("strides", 1, 4096, MostGrids).Select(static stride => (int)stride).ToList();
        var sizes = reader.Numbers("sizes", 0.01, 100_000, MostSizes);
        var ratios = reader.Numbers("ratios", 0.01, 100, MostSizes) is { Count: > 0 } said ? said : [1];
        var each = reader.Has("each") ? reader.Numbers("each", 1, MostSizes, MostGrids).Select(static count => (int)count).ToList()
            : [.. strides.Select(_ => strides.Count > 0 ? sizes.Count / strides.Count : 0)];
        var grids = new List<Grid>();
        if (strides.Count == 0 || sizes.Count == 0 || each.Count != strides.Count || each.Sum() != sizes.Count)
        {
            reader.Problem("sizes", "write strides, and for each of them as many sizes as each says; without each, as many for every one");
            return new Anchors([], isNormalised);
        }

        var from = 0;
        foreach (var (stride, count) in strides.Zip(each))
        {
            grids.Add(new Grid(stride, [.. sizes.Skip(from).Take(count).SelectMany(size => ratios.Select(ratio => (size * Math.Sqrt(ratio), size / Math.Sqrt(ratio))))]));
            from += count;
        }

        return new Anchors(grids, isNormalised);
    }

    public void Load()
    {
    }

    public IReadOnlyList<float> Of(PictureGeometry picture)
    {
        // Of most models the picture has one size.
        if (last is { } known && known.Width == picture.ModelWidth && known.Height == picture.ModelHeight)
        {
            return known.Boxes;
        }

        var boxes = Make(picture.ModelWidth, picture.ModelHeight);
        last = new Made(picture.ModelWidth, picture.ModelHeight, boxes);
        return boxes;
    }

    private float[] Make(int width, int height)
    {
        var count = grids.Sum(grid => (long)Cells(width, grid.Stride) * Cells(height, grid.Stride) * grid.Cell.Count);
        if (count > MostBoxes)
        {
            throw new InferenceException($"The manifest's anchors are {count} boxes for a picture of {width}×{height}; at most {MostBoxes} are made. Correct model.json.");
        }

        var boxes = new List<float>((int)count * 4);
        var (wide, high) = isNormalised ? (width, height) : (1, 1);
        foreach (var grid in grids)
        {
            for (var y = 0; y < Cells(height, grid.Stride); y++)
            {
                for (var x = 0; x < Cells(width, grid.Stride); x++)
                {
                    foreach (var (boxWidth, boxHeight) in grid.Cell)
                    {
                        boxes.AddRange([(float)((x + 0.5) * grid.Stride / wide), (float)((y + 0.5) * grid.Stride / high), (float)(boxWidth / wide), (float)(boxHeight / high)]);
                    }
                }
            }
        }

        return [.. boxes];
    }

    private static int Cells(int pixels, int stride) => (pixels + stride - 1) / stride;

    private sealed record Made(int Width, int Height, float[] Boxes);
}
