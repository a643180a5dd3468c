using System.Text;

namespace SwarmPool.Programs.Terminals;

/// <summary>Every way to write ends in one: <see cref="TextWriter.Write(string?)"/> with all that was written at once.</summary>
internal abstract class WholeWriter(Encoding encoding) : TextWriter
{
    public override Encoding Encoding => encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => Write(value + NewLine);

    public abstract override void Write(string? value);
}
