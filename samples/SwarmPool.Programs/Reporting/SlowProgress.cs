using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;

namespace SwarmPool.Programs.Reporting;

/// <summary>Tells people how far something is that takes longer than a second: a line each few seconds, on standard error.</summary>
/// <typeparam name="T">What is reported.</typeparam>
/// <param name="context">The program's surroundings.</param>
/// <param name="line">What to say.</param>
/// <remarks>Not thread-safe: whoever reports does so one after the other.</remarks>
public sealed class SlowProgress<T>(ProgramContext context, Func<T, string> line) : IProgress<T>
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly long started = context.Time.GetTimestamp();
    private TimeSpan due = First;

    /// <inheritdoc/>
    public void Report(T value)
    {
        var now = context.Time.GetElapsedTime(started);
        if (now >= due)
        {
            due = now + Between;
            context.Error.Line("  " + line(value), Tone.Dim);
        }
    }
}
