namespace SwarmPool.Protocol.Sampling;

/// <summary>A choice of which only some candidates are known: what can have been kept, what must have been, and who can have won.</summary>
/// <param name="values">The known candidates' values, after penalties and temperature.</param>
/// <param name="unstated">What no other candidate has more than; infinite when nothing is known of them.</param>
/// <param name="slack">What two values may be wrong by against each other.</param>
/// <param name="most">Of how many one is chosen.</param>
/// <param name="part">Of those, as few as have this part of their probability.</param>
internal readonly struct StatedChoice(double[] values, double unstated, double slack, int most, double part)
{
    private const double Rounding = 1e-9;

    private readonly double top = values.Max();

    /// <summary>Whether one of them can have won.</summary>
    /// <param name="at">Its place.</param>
    /// <param name="noise">The noise of each.</param>
    public bool CanWin(int at, double[] noise)
    {
        if (!CanBeKept(at))
        {
            return false;
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (i != at && values[i] + noise[i] > values[at] + noise[at] + slack && IsKept(i))
            {
                return false;
            }
        }

        return true;
    }

    // Too many are before it for certain, or too much of the probability is.
    private bool CanBeKept(int at)
    {
        var (before, weight) = (0, 0.0);
        foreach (var value in values)
        {
            if (value > values[at] + slack)
            {
                before++;
                weight += Weight(value - slack);
            }
        }

        return before < most && (part >= 1 || before == 0 || weight < part * MostTogether() * (1 + Rounding));
    }

    private bool IsKept(int at)
    {
        if (unstated > values[at] - slack)
        {
            return false; // What isn't known may stand before it.
        }

        var (before, weight) = (0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            if (i != at && values[i] > values[at] - slack)
            {
                before++;
                weight += Weight(values[i] + slack);
            }
        }

        return before < most && (part >= 1 || before == 0 || weight < part * LeastTogether() * (1 - Rounding));
    }

    // What all candidates have together at most: each has what the known one at its place has, or what an unknown one can have.
    private double MostTogether()
    {
        var (sorted, sum) = (Sorted(), 0.0);
        for (var i = 0; i < most; i++)
        {
            sum += Weight(Math.Max(i < sorted.Length ? sorted[i] : double.NegativeInfinity, unstated) + slack);
        }

        return sum;
    }

    // And at least: as if there were no others than those that are known.
    private double LeastTogether()
    {
        var (sorted, sum) = (Sorted(), 0.0);
        for (var i = 0; i < Math.Min(most, sorted.Length); i++)
        {
            sum += Weight(sorted[i] - slack);
        }

        return sum;
    }

    private double[] Sorted()
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted, static (one, other) => other.CompareTo(one));
        return sorted;
    }

    private double Weight(double value) => double.IsPositiveInfinity(value) ? double.PositiveInfinity : Math.Exp(value - top);
}
