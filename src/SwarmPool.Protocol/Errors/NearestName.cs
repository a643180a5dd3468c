namespace SwarmPool.Protocol.Errors;

/// <summary>Finds what was meant by a misspelt name.</summary>
/// <remarks>Thread-safe; pure.</remarks>
public static class NearestName
{
    private const int MostLength = 64;

    /// <summary>" Did you mean X?", with the space before; empty when nothing is near, or several are equally so.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="known">What there is.</param>
    public static string Hint(string typed, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(known);
        return Find(typed, known) is { } near ? $" Did you mean {near}?" : "";
    }

    /// <summary>The one that is nearest: by at most a third of its letters, and by at most three.</summary>
    /// <param name="typed">What was typed; more than 64 characters are near nothing.</param>
    /// <param name="known">What there is.</param>
    public static string? Find(string typed, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(known);
        if (typed.Length > MostLength)
        {
            return null;
        }

        var near = known
            .Where(name => name.Length <= MostLength)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => (Name: name, Distance: Distance(typed.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(one => one.Distance <= Math.Min(3, one.Name.Length / 3))
            .OrderBy(static one => one.Distance)
            .Take(2)
            .ToList();
        return near.Count == 0 || (near.Count == 2 && near[0].Distance == near[1].Distance) ? null : near[0].Name;
    }

    /// <summary>How many letters are to be changed, added, taken away, or swapped with the next.</summary>
    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var change = from[i - 1] == to[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[from.Length, to.Length];
    }
}
