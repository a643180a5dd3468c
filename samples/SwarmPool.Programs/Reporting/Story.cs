using System.Globalization;
using SwarmPool.Programs.Terminals;

namespace SwarmPool.Programs.Reporting;

/// <summary>Prints what happens as it happens: a line with the local time of day, details indented below.</summary>
/// <remarks>Thread-safe; returns at once.</remarks>
public sealed class Story(Terminal terminal, Printer printer, TimeProvider time)
{
    private const int Indent = 10;
    private const int MostEarly = 1000;

    private readonly Lock gate = new();
    private List<Action>? early = [];

    /// <summary>Shows the first screen, then whatever happened before it.</summary>
    public void Open(Action screen)
    {
        lock (gate)
        {
            printer.Print(screen);
            early?.ForEach(printer.Print);
            early = null;
        }
    }

    /// <summary>Something happened.</summary>
    public void Head(string text, Tone tone = Tone.Plain)
    {
        var at = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        Print(() => terminal.Line($"{at}  {text}", tone, Indent));
    }

    /// <summary>More about what happened last.</summary>
    public void Detail(string text, Tone tone = Tone.Plain) =>
        Print(() => terminal.Line($"{new string(' ', Indent)}{text}", tone, Indent + 2));

    private void Print(Action line)
    {
        lock (gate)
        {
            if (early is { Count: < MostEarly })
            {
                early.Add(line);
            }
            else
            {
                printer.Print(line);
            }
        }
    }
}
