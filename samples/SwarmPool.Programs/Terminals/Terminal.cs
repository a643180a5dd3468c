using Spectre.Console;
using Spectre.Console.Rendering;

namespace SwarmPool.Programs.Terminals;

/// <summary>
/// Where people read: lines, boxes and tables. Without a terminal (a pipe, a file) there are no control codes and lines
/// are not broken; without UTF-8 the marks are ASCII; NO_COLOR is kept.
/// </summary>
/// <remarks>Thread-safe: a line is written whole.</remarks>
public sealed class Terminal
{
    private const int WidestBox = 78;

    private readonly Lock gate = new();
    private readonly IAnsiConsole console;
    private readonly int width;
    private readonly bool unicode;

    /// <summary>Makes a terminal.</summary>
    /// <param name="console">What writes. Its own width must be large: this class breaks lines itself.</param>
    /// <param name="width">The columns; <see cref="int.MaxValue"/> where lines are not to be broken.</param>
    /// <param name="unicode">Whether marks beyond ASCII can be shown.</param>
    public Terminal(IAnsiConsole console, int width, bool unicode)
    {
        ArgumentNullException.ThrowIfNull(console);
        this.console = console;
        this.width = Math.Max(width, 20);
        this.unicode = unicode;
    }

    /// <summary>Writes a line.</summary>
    /// <param name="text">The text; control codes are taken out.</param>
    /// <param name="tone">What it means.</param>
    /// <param name="hang">The indent of what doesn't fit.</param>
    public void Line(string text = "", Tone tone = Tone.Plain, int hang = 4)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (gate)
        {
            foreach (var line in WordWrap.Lines(Fit(text), width, Math.Min(hang, width / 2)))
            {
                console.Write(new Text(line, StyleOf(tone)));
                console.WriteLine();
            }
        }
    }

    /// <summary>Writes a line that is to be copied, e.g. a command: it is never broken here.</summary>
    /// <param name="text">The text; control codes are taken out.</param>
    /// <param name="tone">What it means.</param>
    public void Whole(string text, Tone tone = Tone.Plain)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (gate)
        {
            console.Write(new Text(Fit(text), StyleOf(tone)));
            console.WriteLine();
        }
    }

    /// <summary>Writes a box with a title over rows of a label and a text; a row without a label is a line of its own.</summary>
    public void Box(string title, IEnumerable<(string Label, string Text)> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var all = rows.Select(row => (Label: Fit(row.Label), Text: Fit(row.Text))).ToList();
        var labels = all.Select(row => row.Label.Length).DefaultIfEmpty().Max() + 2;
        var inner = Math.Min(width, WidestBox) - 4;
        var lines = all.SelectMany(row => row.Label.Length == 0
            ? Hard(row.Text, inner)
            : Hard(row.Text, inner - labels).Select((line, i) => (i == 0 ? row.Label : "").PadRight(labels) + line));
        Write(new Panel(new Text(string.Join('\n', lines)))
        {
            Header = new PanelHeader($" {Markup.Escape(Fit(title))} "),
            Border = unicode ? BoxBorder.Rounded : BoxBorder.Ascii,
            Width = inner + 4,
        });
    }

    /// <summary>Writes labels and texts, aligned.</summary>
    public void Facts(IEnumerable<(string Label, string Text)> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var all = rows.ToList();
        var labels = all.Select(row => row.Label.Length).DefaultIfEmpty().Max() + 2;
        foreach (var (label, text) in all)
        {
            Line("  " + label.PadRight(labels) + text, Tone.Plain, labels + 2);
        }
    }

    /// <summary>Writes a table; where it is too wide for the screen, the last columns stand below their rows, or all of them do. Cells are never broken, so that they can be copied.</summary>
    /// <param name="columns">The columns; what has no room stands below its row.</param>
    /// <param name="rows">The cells of each row, as many as columns.</param>
    public void Table(IReadOnlyList<TableColumn> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        List<IReadOnlyList<string>> fit = [.. rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Fit)])];
        foreach (var (text, tone) in TableText.Lines(columns, fit, width))
        {
            Whole(text, tone);
        }
    }

    /// <summary>Whether a line can be drawn again in its place.</summary>
    public bool IsLive => console.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Draws a bar while something is done, where <see cref="IsLive"/>; it is gone afterwards.</summary>
    /// <param name="work">The work; it is given how to say what it does and how far it is, 0 to 1.</param>
    public async Task<T> WithBarAsync<T>(Func<Action<string, double>, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        console.Profile.Width = Math.Min(width, WidestBox);
        try
        {
            return await console.Progress().AutoClear(true)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(bar =>
                {
                    var line = bar.AddTask("…", maxValue: 1);
                    return work((text, part) =>
                    {
                        line.Description = Markup.Escape(Fit(text));
                        line.Value = part;
                    });
                });
        }
        finally
        {
            console.Profile.Width = SystemTerminal.Unbroken;
        }
    }

    private void Write(IRenderable renderable)
    {
        lock (gate)
        {
            console.Write(renderable);
        }
    }

    private string Fit(string text) => PlainText.For(text, unicode);

    // Inside a box a word that is too long has to be broken, or the box would be.
    private static IEnumerable<string> Hard(string text, int columns) =>
        WordWrap.Lines(text, columns, hang: 0).SelectMany(line => line.Length == 0 ? [""] : line.Chunk(columns).Select(part => new string(part)));

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Strong => new Style(decoration: Decoration.Bold),
        Tone.Good => new Style(Color.Green),
        Tone.Warn => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        Tone.Dim => new Style(decoration: Decoration.Dim),
        _ => Style.Plain,
    };
}
