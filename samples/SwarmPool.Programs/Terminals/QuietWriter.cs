namespace SwarmPool.Programs.Terminals;

/// <summary>For standard error: where nobody can be told that nobody can be told, what the stream refuses or does not take is left out.</summary>
/// <remarks>As thread-safe as what it writes to.</remarks>
internal sealed class QuietWriter(TextWriter inner) : WholeWriter(inner.Encoding)
{
    public override void Write(string? value)
    {
        try
        {
            inner.Write(value);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return; // The exit code says how it ended.
        }
    }
}
