namespace SwarmPool.Programs.Reporting;

/// <summary>
/// Writes events for machines: one JSON object a line, in the background, stamped when they happened. Where some were left out, since the output
/// stood still or refused them, the event <c>left_out</c> says how many.
/// </summary>
/// <remarks>Thread-safe; returns at once.</remarks>
public sealed class EventWriter
{
    private readonly TextWriter output;
    private readonly Printer printer;
    private readonly TimeProvider time;
    private bool isTorn; // The printer's alone.

    /// <summary>Writes to an output by a printer.</summary>
    public EventWriter(TextWriter output, Printer printer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(printer);
        this.output = output;
        this.printer = printer;
        this.time = time;
        printer.NoteLeftOut = count => WriteNow(JsonText.Event("left_out", time.GetUtcNow(), new { count }));
    }

    /// <summary>Writes an event.</summary>
    /// <param name="name">Its name, snake_case.</param>
    /// <param name="item">Its members; immutable.</param>
    public void Write(string name, object item)
    {
        var at = time.GetUtcNow();
        printer.Print(() => WriteNow(JsonText.Event(name, at, item)));
    }

    // A disk that is full takes a part of a line: the next begins one of its own.
    private void WriteNow(string line)
    {
        var text = isTorn ? "\n" + line : line;
        isTorn = true;
        output.WriteLine(text);
        output.Flush();
        isTorn = false;
    }
}
