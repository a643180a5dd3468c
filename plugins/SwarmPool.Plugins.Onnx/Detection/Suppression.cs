namespace SwarmPool.Plugins.Onnx.Detection;

/// <summary>Of boxes of one class that overlap, the surest stays (non-maximum suppression).</summary>
internal static class Suppression
{
    /// <summary>The most boxes that are compared: the surest.</summary>
    public const int MostCompared = 4096;

    /// <param name="boxes">In the model's order, which decides between equals.</param>
    /// <param name="overlap">How much two may overlap and both stay.</param>
    /// <param name="most">How many stay at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static IReadOnlyList<Box> Apply(IEnumerable<Box> boxes, double overlap, int most, CancellationToken cancellationToken)
    {
        var stay = new List<Box>();
        foreach (var box in boxes.OrderByDescending(static box => box.Score).Take(MostCompared))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (stay.Count < most && !stay.Exists(other => other.Class == box.Class && other.Overlap(box) > overlap))
            {
                stay.Add(box);
            }
        }

        return stay;
    }
}
