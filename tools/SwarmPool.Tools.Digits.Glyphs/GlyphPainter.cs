using System.Numerics;
using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Digits.Glyphs;

/// <summary>Paints a digit the way a hand might: moved, scaled, turned, slanted, with a pen of some width, on grainy paper.</summary>
/// <remarks>
/// Uses only float operations that IEEE 754 fixes to the bit (no sine, no exponential), so a picture is the same on
/// every machine.
/// </remarks>
public static class GlyphPainter
{
    /// <summary>Paints a digit.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="random">Decides everything that varies.</param>
    /// <param name="size">Width and height in pixels, 8 to 4096.</param>
    /// <returns>Gray values row by row: 0 is ink, 255 paper.</returns>
    public static byte[] Paint(int digit, SplitMix random, int size)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 4096);
        var place = Placement.Draw(random);
        var radius = random.Between(0.028f, 0.062f);
        var distances = new float[size * size];
        Array.Fill(distances, float.MaxValue);
        foreach (var stroke in DigitStrokes.Of(digit, random))
        {
            var path = StrokePath.Of(stroke, random, wobble: 0.018f);
            for (var i = 1; i < path.Count; i++)
            {
                Approach(distances, size, place.Apply(path[i - 1]), place.Apply(path[i]), radius);
            }
        }

        return Ink(distances, size, radius, random);
    }

    /// <summary>Lowers each pixel's squared distance to the pen's path where this segment is nearer.</summary>
    private static void Approach(float[] distances, int size, Vector2 from, Vector2 to, float radius)
    {
        var reach = radius + (1.5f / size);
        var (left, right) = Span(from.X, to.X, reach, size);
        var (top, bottom) = Span(from.Y, to.Y, reach, size);
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var length = Math.Max((dx * dx) + (dy * dy), 1e-12f);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var (px, py) = (((x + 0.5f) / size) - from.X, ((y + 0.5f) / size) - from.Y);
                var along = Math.Clamp(((px * dx) + (py * dy)) / length, 0f, 1f);
                var (ex, ey) = (px - (along * dx), py - (along * dy));
                ref var distance = ref distances[(y * size) + x];
                distance = Math.Min(distance, (ex * ex) + (ey * ey));
            }
        }
    }

    private static (int First, int Last) Span(float a, float b, float reach, int size) => (
        Math.Clamp((int)((Math.Min(a, b) - reach) * size), 0, size - 1),
        Math.Clamp((int)((Math.Max(a, b) + reach) * size), 0, size - 1));

    private static byte[] Ink(float[] distances, int size, float radius, SplitMix random)
    {
        var paper = random.Between(225f, 255f);
        var ink = random.Between(0f, 60f);
        var grain = random.Between(0f, 24f);
        var gray = new byte[distances.Length];
        for (var i = 0; i < gray.Length; i++)
        {
            // One pixel's width of soft edge.
            var covered = Math.Clamp(((radius - MathF.Sqrt(distances[i])) * size) + 0.5f, 0f, 1f);
            var value = paper + ((ink - paper) * covered) + random.Between(-grain, grain);
            gray[i] = (byte)Math.Clamp(value + 0.5f, 0f, 255f);
        }

        return gray;
    }

    /// <summary>An affine map about the picture's middle.</summary>
    private readonly record struct Placement(float XX, float XY, float YX, float YY, float X, float Y)
    {
        public static Placement Draw(SplitMix random)
        {
            // A turn by twice the arc tangent of t: its sine and cosine are rational, so no trigonometry is needed.
            var t = random.Between(-0.12f, 0.12f);
            var (cos, sin) = ((1f - (t * t)) / (1f + (t * t)), 2f * t / (1f + (t * t)));
            var slant = random.Between(-0.18f, 0.18f);
            var (width, height) = (random.Between(0.78f, 1.15f), random.Between(0.78f, 1.12f));
            return new Placement(
                cos * width,
                ((cos * slant) - sin) * height,
                sin * width,
                ((sin * slant) + cos) * height,
                random.Between(-0.07f, 0.07f),
                random.Between(-0.07f, 0.07f));
        }

        public Vector2 Apply(Vector2 point)
        {
            var (x, y) = (point.X - 0.5f, point.Y - 0.5f);
            return new Vector2((XX * x) + (XY * y) + X + 0.5f, (YX * x) + (YY * y) + Y + 0.5f);
        }
    }
}
