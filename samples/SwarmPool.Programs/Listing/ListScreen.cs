using SwarmPool.Programs.Terminals;

namespace SwarmPool.Programs.Listing;

/// <summary>What all lists have in common for people.</summary>
public static class ListScreen
{
    /// <summary>Shows a table, or that there is nothing, and how many more there are.</summary>
    /// <param name="terminal">The screen.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="more">How many are not shown.</param>
    /// <param name="noun">What one of them is, e.g. "job".</param>
    /// <param name="next">How to see those, e.g. "--before 12".</param>
    public static void Show(Terminal terminal, IReadOnlyList<TableColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows, long more, string noun, string next)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            terminal.Line($"No {noun} is like that.");
            return;
        }

        terminal.Table(columns, rows);
        if (more > 0)
        {
            terminal.Line($"and {more} more: {next}", Tone.Dim);
        }
    }
}
