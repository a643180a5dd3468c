using System.Text.Json;

namespace SwarmPool.Protocol.Verification;

/// <summary>Whether two lists of boxes show the same things: each box of one stands for a box of the other, with the same label, near enough in place and score.</summary>
internal static class BoxMatching
{
    private const int Most = 1000;

    private static readonly string[] Edges = ["left", "top", "right", "bottom"];

    public static bool Compare(JsonElement one, JsonElement other, OutputTolerance tolerance, OutputMeasures measures)
    {
        if (one.GetArrayLength() > Most || other.GetArrayLength() > Most)
        {
            return measures.Differ(FormattableString.Invariant($"one of them has more than {Most} boxes"));
        }

        if (one.GetArrayLength() != other.GetArrayLength())
        {
            return measures.Differ(FormattableString.Invariant($"they have {one.GetArrayLength()} and {other.GetArrayLength()} boxes"));
        }

        return Read(one) is { } left && Read(other) is { } right
            ? Match(left, right, tolerance, measures)
            : measures.Differ("one of them has a box that is none");
    }

    // Pairs of boxes that can stand for each other, and then a pairing of all, by augmenting paths (Kuhn).
    private static bool Match(List<Box> one, List<Box> other, OutputTolerance tolerance, OutputMeasures measures)
    {
        var can = one.ConvertAll(mine => Enumerable.Range(0, other.Count).Where(its => CanBe(mine, other[its], tolerance)).ToArray());
        var pairOf = Enumerable.Repeat(-1, other.Count).ToArray();
        for (var mine = 0; mine < one.Count; mine++)
        {
            if (!Augment(mine, can, pairOf, new bool[other.Count]))
            {
                return measures.Differ(FormattableString.Invariant($"a box \"{Shown(one[mine].Label)}\" of one has no counterpart in the other"));
            }
        }

        for (var its = 0; its < other.Count; its++)
        {
            measures.Overlap(one[pairOf[its]].OverlapWith(other[its]));
            measures.Distance(one[pairOf[its]].Score, other[its].Score);
        }

        return true;
    }

    private static bool Augment(int mine, List<int[]> can, int[] pairOf, bool[] seen)
    {
        foreach (var its in can[mine])
        {
            if (!seen[its])
            {
                seen[its] = true;
                if (pairOf[its] < 0 || Augment(pairOf[its], can, pairOf, seen))
                {
                    pairOf[its] = mine;
                    return true;
                }
            }
        }

        return false;
    }

    private static bool CanBe(Box one, Box other, OutputTolerance tolerance) =>
        one.Label == other.Label
        && tolerance.IsNear(one.Score, other.Score)
        && (tolerance.Overlap is { } least
            ? one.OverlapWith(other) >= least
            : tolerance.IsNear(one.Left, other.Left) && tolerance.IsNear(one.Top, other.Top) && tolerance.IsNear(one.Right, other.Right) && tolerance.IsNear(one.Bottom, other.Bottom));

    private static List<Box>? Read(JsonElement boxes)
    {
        var read = new List<Box>();
        foreach (var box in boxes.EnumerateArray())
        {
            var edges = new double[Edges.Length];
            if (box.ValueKind != JsonValueKind.Object || !box.TryGetProperty("label", out var label) || label.ValueKind != JsonValueKind.String
                || !box.TryGetProperty("score", out var score) || !JsonNumbers.TryRead(score, out var number))
            {
                return null;
            }

            for (var i = 0; i < edges.Length; i++)
            {
                if (!box.TryGetProperty(Edges[i], out var edge) || !JsonNumbers.TryRead(edge, out edges[i]))
                {
                    return null;
                }
            }

            read.Add(new Box(label.GetString()!, number, edges[0], edges[1], edges[2], edges[3]));
        }

        return read.TrueForAll(static box => box.Right > box.Left && box.Bottom > box.Top) ? read : null;
    }

    private static string Shown(string label) => label.Length <= 32 && label.All(static letter => letter is >= ' ' and <= '~') ? label : "…";

    private sealed record Box(string Label, double Score, double Left, double Top, double Right, double Bottom)
    {
        /// <summary>The part of their union that both cover (intersection over union).</summary>
        public double OverlapWith(Box other)
        {
            var (width, height) = (Math.Min(Right, other.Right) - Math.Max(Left, other.Left), Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));
            var shared = width > 0 && height > 0 ? width * height : 0;
            return shared / (Area + other.Area - shared);
        }

        private double Area => (Right - Left) * (Bottom - Top);
    }
}
