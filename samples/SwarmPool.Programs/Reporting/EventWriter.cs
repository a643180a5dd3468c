namespace SwarmPool.Programs.Reporting;

/// <summary>Writes events for machines: one JSON object a line, in the background, stamped when they happened.</summary>
/// <remarks>Thread-safe; returns at once.</remarks>
public sealed class EventWriter(TextWriter output, Printer printer, TimeProvider time)
{
    /// <summary>Writes an event.</summary>
    /// <param name="name">Its name, snake_case.</param>
    /// <param name="item">Its members; immutable.</param>
    public void Write(string name, object item)
    {
        var at = time.GetUtcNow();
        printer.Print(() =>
        {
            output.WriteLine(JsonText.Event(name, at, item));
            output.Flush();
        });
    }
}
