using System.Globalization;
using SwarmPool.Programs.Terminals;

namespace SwarmPool.Programs.Reporting;

/// <summary>Prints what happens as it happens: a line with the local time of day, details indented below.</summary>
/// <remarks>Thread-safe; returns at once.</remarks>
public sealed class Story(Terminal terminal, Printer printer, TimeProvider time)
{
    private const int Indent = 10;

    /// <summary>Something happened.</summary>
    public void Head(string text, Tone tone = Tone.Plain)
    {
        var at = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        printer.Print(() => terminal.Line($"{at}  {text}", tone, Indent));
    }

    /// <summary>More about what happened last.</summary>
    public void Detail(string text, Tone tone = Tone.Plain) =>
        printer.Print(() => terminal.Line($"{new string(' ', Indent)}{text}", tone, Indent + 2));
}
