namespace SwarmPool.Runtime.Collections;

/// <summary>Makes room in a table that is full.</summary>
internal static class Crowding
{
    /// <summary>Takes out an eighth of the entries: those that rank lowest. Called once for as many new entries as that, it costs each of them little.</summary>
    public static void Thin<TKey, TValue>(Dictionary<TKey, TValue> table, Func<TValue, double> rank)
        where TKey : notnull
    {
        var lowest = table.Select(entry => (entry.Key, Rank: rank(entry.Value))).OrderBy(static one => one.Rank).Take(Math.Max(1, table.Count / 8)).ToList();
        foreach (var (key, _) in lowest)
        {
            table.Remove(key);
        }
    }
}
