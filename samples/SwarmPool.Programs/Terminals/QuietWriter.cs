using System.Text;

namespace SwarmPool.Programs.Terminals;

/// <summary>For standard error: where nobody can be told that nobody can be told, what the stream refuses or does not take is left out.</summary>
/// <remarks>As thread-safe as what it writes to.</remarks>
internal sealed class QuietWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => Write(value + NewLine);

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
