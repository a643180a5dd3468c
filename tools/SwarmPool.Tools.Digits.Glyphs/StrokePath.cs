using System.Numerics;
using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Digits.Glyphs;

/// <summary>Turns a stroke into a chain of points that are near enough for straight lines.</summary>
internal static class StrokePath
{
    private const int StepsPerBend = 5;

    /// <summary>The chain, each of the stroke's points moved by up to <paramref name="wobble"/>, as a hand does.</summary>
    public static List<Vector2> Of(Stroke stroke, SplitMix random, float wobble)
    {
        var points = new List<Vector2>();
        for (var i = 0; i < stroke.Xy.Length; i += 2)
        {
            points.Add(new Vector2(
                stroke.Xy[i] + random.Between(-wobble, wobble),
                stroke.Xy[i + 1] + random.Between(-wobble, wobble)));
        }

        if (stroke.Smooth)
        {
            return Bend(points, stroke.Closed);
        }

        return points;
    }

    private static List<Vector2> Bend(List<Vector2> points, bool closed)
    {
        var path = new List<Vector2> { points[0] };
        var spans = closed ? points.Count : points.Count - 1;
        for (var i = 0; i < spans; i++)
        {
            var (a, b, c, d) = (At(points, i - 1, closed), At(points, i, closed), At(points, i + 1, closed), At(points, i + 2, closed));
            for (var step = 1; step <= StepsPerBend; step++)
            {
                path.Add(CatmullRom(a, b, c, d, step / (float)StepsPerBend));
            }
        }

        return path;
    }

    private static Vector2 At(List<Vector2> points, int index, bool closed) => closed
        ? points[(index + points.Count) % points.Count]
        : points[Math.Clamp(index, 0, points.Count - 1)];

    private static Vector2 CatmullRom(Vector2 a, Vector2 b, Vector2 c, Vector2 d, float t) =>
        new(CatmullRom(a.X, b.X, c.X, d.X, t), CatmullRom(a.Y, b.Y, c.Y, d.Y, t));

    private static float CatmullRom(float a, float b, float c, float d, float t) =>
        0.5f * ((2f * b) + ((c - a) * t) + (((2f * a) - (5f * b) + (4f * c) - d) * t * t) + (((3f * b) - a - (3f * c) + d) * t * t * t));
}
