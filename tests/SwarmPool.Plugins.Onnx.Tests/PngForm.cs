namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Makes pictures of noise in one form of PNG, so few colours that a transparent one is met often.</summary>
internal sealed class PngForm(Random chance, byte colour, byte bits, bool interlaced, bool transparent)
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly int channels = colour switch { 4 => 2, 2 => 3, 6 => 4, _ => 1 };

    public byte[] Make(int width, int height)
    {
        var most = (1 << bits) - 1;
        var colours = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, channels).Select(_ => chance.Next(most + 1)).ToArray()).ToArray();
        if (bits == 16 && colours[0].Length < 4)
        {
            colours[1] = [.. colours[0].Select(static value => value ^ 1)]; // Another one, though its upper eight bits are those of a transparent one.
        }

        var pixels = Enumerable.Range(0, width * height).Select(_ => colours[chance.Next(colours.Length)]).ToArray();
        var palette = colour == 3 ? Bytes((most + 1) * 3) : null;
        var rows = new List<byte>();
        foreach (var (x, y, stepX, stepY) in interlaced ? Adam7.Where(pass => pass.X < width && pass.Y < height) : [(0, 0, 1, 1)])
        {
            AddPass(rows, [.. Steps(y, height, stepY).Select(row => Steps(x, width, stepX).SelectMany(column => pixels[(row * width) + column]).ToArray())]);
        }

        return Pngs.Make(width, height, colour, [.. rows], palette, bits, interlaced ? (byte)1 : (byte)0, transparent ? Transparency(colours[0], most) : null);
    }

    private byte[] Transparency(int[] taken, int most) => colour == 3
        ? Bytes(chance.Next(1, most + 2))
        : [.. taken.SelectMany(static value => new[] { (byte)(value >> 8), (byte)value })];

    // Each row with a filter of its own.
    private void AddPass(List<byte> target, int[][] rows)
    {
        var above = new byte[Pack(rows[0]).Length];
        var back = Math.Max(1, channels * bits / 8);
        foreach (var row in rows.Select(Pack))
        {
            var filter = chance.Next(5);
            target.Add((byte)filter);
            for (var i = 0; i < row.Length; i++)
            {
                int left = i >= back ? row[i - back] : 0;
                int up = above[i];
                int corner = i >= back ? above[i - back] : 0;
                int[] nearest = [left, up, corner];
                target.Add((byte)(row[i] - filter switch
                {
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    4 => nearest.MinBy(value => Math.Abs(left + up - corner - value)),
                    _ => 0,
                }));
            }

            above = row;
        }
    }

    private byte[] Pack(int[] row)
    {
        var packed = new byte[((row.Length * bits) + 7) / 8];
        for (var i = 0; i < row.Length; i++)
        {
            if (bits == 16)
            {
                (packed[i * 2], packed[(i * 2) + 1]) = ((byte)(row[i] >> 8), (byte)row[i]);
            }
            else
            {
                packed[i * bits / 8] |= (byte)(row[i] << (8 - bits - (i * bits % 8)));
            }
        }

        return packed;
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        chance.NextBytes(bytes);
        return bytes;
    }

    private static IEnumerable<int> Steps(int first, int end, int step)
    {
        for (var at = first; at < end; at += step)
        {
            yield return at;
        }
    }
}
