namespace SwarmPool.Programs.Terminals;

/// <summary>
/// A table as lines: side by side where there is room; else the columns that have none below their row, as many on a line as fit, but for
/// numbers, which mean nothing without their title; else each row as labels and texts. Without a terminal it is side by side always, for what cuts columns.
/// </summary>
internal static class TableText
{
    private const int Gap = 2;
    private const int LeastBeside = 3;
    private const string Below = "    ";

    /// <summary>The lines, each with what it means.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The cells, as many as columns.</param>
    /// <param name="width">The columns of the screen.</param>
    public static IEnumerable<(string Text, Tone Tone)> Lines(IReadOnlyList<TableColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows, int width)
    {
        var widths = columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Title.Length).Max()).ToList();
        var beside = Enumerable.Range(1, columns.Count).LastOrDefault(count => widths.Take(count).Sum() + ((count - 1) * Gap) <= width);
        return beside == columns.Count || (beside >= LeastBeside && Enumerable.Range(beside, columns.Count - beside).All(i => !columns[i].IsNumber && widths[i] + Below.Length <= width))
            ? Beside(columns, rows, widths, beside, Packed(widths, beside, width))
            : Stacked(columns, rows);
    }

    /// <summary>Which of the columns that have no room beside go on a line together.</summary>
    private static List<List<int>> Packed(List<int> widths, int first, int width)
    {
        var (lines, used) = (new List<List<int>>(), 0);
        for (var i = first; i < widths.Count; i++)
        {
            if (lines.Count == 0 || used + Gap + widths[i] > width)
            {
                lines.Add([]);
                used = Below.Length - Gap;
            }

            lines[^1].Add(i);
            used += Gap + widths[i];
        }

        return lines;
    }

    private static IEnumerable<(string Text, Tone Tone)> Beside(
        IReadOnlyList<TableColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows, List<int> widths, int beside, List<List<int>> below)
    {
        IReadOnlyList<string> titles = [.. columns.Select(static column => column.Title)];
        foreach (var (cells, tone, more) in rows.Select(static row => (row, Tone.Plain, Tone.Dim)).Prepend((titles, Tone.Strong, Tone.Strong)))
        {
            yield return (string.Join(
                new string(' ', Gap), Enumerable.Range(0, beside).Select(i => columns[i].IsNumber ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]))).TrimEnd(' '), tone);
            foreach (var line in below.Select(line => string.Join(new string(' ', Gap), line.Select(i => cells[i]).Where(static cell => cell.Length > 0))).Where(static line => line.Length > 0))
            {
                yield return (Below + line, more);
            }
        }
    }

    private static IEnumerable<(string Text, Tone Tone)> Stacked(IReadOnlyList<TableColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var labels = columns.Max(static column => column.Title.Length) + 1 + Gap;
        foreach (var row in rows)
        {
            yield return ($"{columns[0].Title} {row[0]}", Tone.Strong);
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
