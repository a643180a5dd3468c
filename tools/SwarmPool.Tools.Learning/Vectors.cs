using System.Numerics;

namespace SwarmPool.Tools.Learning;

/// <summary>Loops over vectors that add to elements which don't touch each other: the machine's vector width can't change a bit of the result.</summary>
public static class Vectors
{
    /// <summary>target += source * factor, element by element.</summary>
    public static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float factor)
    {
        var i = 0;
        var wide = new Vector<float>(factor);
        for (; i <= target.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var sum = new Vector<float>(target[i..]) + (new Vector<float>(source[i..]) * wide);
            sum.CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            target[i] += source[i] * factor;
        }
    }

    /// <summary>target += row * rows, a vector by a matrix whose rows have the target's length: each element adds in the order of the rows.</summary>
    public static void AddProduct(Span<float> target, ReadOnlySpan<float> row, ReadOnlySpan<float> rows)
    {
        var (width, k) = (target.Length, 0);
        for (; k <= row.Length - 4; k += 4)
        {
            var a = rows.Slice(k * width, width);
            var b = rows.Slice((k + 1) * width, width);
            var c = rows.Slice((k + 2) * width, width);
            var d = rows.Slice((k + 3) * width, width);
            var (wideA, wideB, wideC, wideD) = (new Vector<float>(row[k]), new Vector<float>(row[k + 1]), new Vector<float>(row[k + 2]), new Vector<float>(row[k + 3]));
            var i = 0;
            for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
            {
                var sum = new Vector<float>(target[i..]) + (new Vector<float>(a[i..]) * wideA);
                sum += new Vector<float>(b[i..]) * wideB;
                sum += new Vector<float>(c[i..]) * wideC;
                sum += new Vector<float>(d[i..]) * wideD;
                sum.CopyTo(target[i..]);
            }

            for (; i < width; i++)
            {
                target[i] = (((target[i] + (a[i] * row[k])) + (b[i] * row[k + 1])) + (c[i] * row[k + 2])) + (d[i] * row[k + 3]);
            }
        }

        for (; k < row.Length; k++)
        {
            AddScaled(target, rows.Slice(k * width, width), row[k]);
        }
    }

    /// <summary>The scalar product, added in order.</summary>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = 0f;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    /// <summary>Scores to probabilities, in place.</summary>
    public static void Softmax(Span<float> scores)
    {
        var top = float.MinValue;
        foreach (var score in scores)
        {
            top = Math.Max(top, score);
        }

        var sum = 0f;
        foreach (ref var score in scores)
        {
            score = ExactExp.OfNonPositive(score - top);
            sum += score;
        }

        foreach (ref var score in scores)
        {
            score /= sum;
        }
    }
}
