namespace SwarmPool.Programs.Terminals;

/// <summary>
/// A table as lines: side by side where there is room; else the last column below its row, since that is what is long and copied (a CID); else each
/// row as labels and texts. Without a terminal it is side by side always, for what cuts columns.
/// </summary>
internal static class TableText
{
    private const int Gap = 2;
    private const string Below = "    ";

    /// <summary>The lines, each with what it means.</summary>
    /// <param name="columns">The columns; two at least.</param>
    /// <param name="rows">The cells, as many as columns.</param>
    /// <param name="width">The columns of the screen.</param>
    public static IEnumerable<(string Text, Tone Tone)> Lines(IReadOnlyList<TableColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows, int width)
    {
        var widths = columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Title.Length).Max()).ToList();
        return Fits(widths, columns.Count, width) ? Beside(columns, rows, widths, columns.Count)
            : Fits(widths, columns.Count - 1, width) && widths[^1] + Below.Length <= width ? Beside(columns, rows, widths, columns.Count - 1)
            : Stacked(columns, rows);
    }

    private static bool Fits(List<int> widths, int count, int width) => widths.Take(count).Sum() + ((count - 1) * Gap) <= width;

    private static IEnumerable<(string Text, Tone Tone)> Beside(IReadOnlyList<TableColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows, List<int> widths, int count)
    {
        yield return (Row(columns, [.. columns.Select(static column => column.Title)], widths, count), Tone.Strong);
        foreach (var row in rows)
        {
            yield return (Row(columns, row, widths, count), Tone.Plain);
            if (count < columns.Count && row[^1].Length > 0)
            {
                yield return (Below + row[^1], Tone.Dim);
            }
        }
    }

    private static string Row(IReadOnlyList<TableColumn> columns, IReadOnlyList<string> cells, List<int> widths, int count) => string.Join(
        new string(' ', Gap), Enumerable.Range(0, count).Select(i => columns[i].IsNumber ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]))).TrimEnd(' ');

    private static IEnumerable<(string Text, Tone Tone)> Stacked(IReadOnlyList<TableColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var labels = columns.Max(static column => column.Title.Length) + 1 + Gap;
        foreach (var row in rows)
        {
            yield return (row[0], Tone.Strong);
            for (var i = 1; i < columns.Count; i++)
            {
                if (row[i].Length > 0)
                {
                    yield return (Below + (columns[i].Title + ":").PadRight(labels) + row[i], Tone.Plain);
                }
            }
        }
    }
}
