using System.Text.Json;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Processes;

namespace SwarmPool.Runtime.Backends;

/// <summary>How a backend's process ended.</summary>
/// <param name="Code">SP5222 to SP5225.</param>
/// <param name="What">What it did, as a sentence goes on: "ended its process …".</param>
/// <param name="Models">The models that something was under way with.</param>
internal sealed record BackendDeath(string Code, string What, IReadOnlyList<string> Models)
{
    private const int FirstSignal = 128;

    /// <summary>What it was, by what this program knows of it and by how the process ended.</summary>
    /// <param name="ending">Why this program ended it; null when it did not.</param>
    /// <param name="fault">What its output could not be read for; null when it was at its end.</param>
    /// <param name="exit">The exit code.</param>
    /// <param name="said">The last of its error output.</param>
    /// <param name="models">What was under way.</param>
    public static BackendDeath Of((string Code, string What)? ending, Exception? fault, int exit, string said, IReadOnlyList<string> models)
    {
        if (ending is { } ours)
        {
            return new(ours.Code, ours.What, models);
        }

        if (fault is InvalidDataException or JsonException)
        {
            return new(ErrorCodes.BackendMalformed, $"gave what is no answer ({fault.Message.TrimEnd('.')}), and its process was ended", models);
        }

        return IsOutOfMemory(said)
            ? new(ErrorCodes.BackendTookMemory, "ended its process for want of memory", models)
            : new(ErrorCodes.BackendEndedProcess, $"ended its process {How(exit, said)}", models);
    }

    private static bool IsOutOfMemory(string said) =>
        said.Contains("OutOfMemory", StringComparison.Ordinal) || said.Contains("Out of memory", StringComparison.Ordinal);

    private static string How(int exit, string said)
    {
        if (said.Contains("Stack overflow", StringComparison.OrdinalIgnoreCase))
        {
            return "by a stack overflow";
        }

        var how = (exit - FirstSignal) switch
        {
            4 when !OperatingSystem.IsWindows() => "by signal 4 (an instruction that this processor does not have)",
            6 when !OperatingSystem.IsWindows() => "by signal 6 (abort)",
            7 when !OperatingSystem.IsWindows() => "by signal 7 (bus error)",
            8 when !OperatingSystem.IsWindows() => "by signal 8 (arithmetic)",
            9 when !OperatingSystem.IsWindows() => "by signal 9 (killed: by the system for want of memory, or by somebody)",
            11 when !OperatingSystem.IsWindows() => "by signal 11 (segmentation fault)",
            > 0 and < 65 when !OperatingSystem.IsWindows() => FormattableString.Invariant($"by signal {exit - FirstSignal}"),
            _ => FormattableString.Invariant($"with exit code {exit}"),
        };

        // Where it was says nothing to people; what the runtime said before that does.
        var words = string.Join('\n', said.Split('\n').Where(static line => !line.TrimStart().StartsWith("at ", StringComparison.Ordinal)));
        return ChildProcess.LastLine(words) is { } last ? $"{how}: {last.TrimEnd('.')}" : how;
    }
}

/// <summary>The process ended while something was under way.</summary>
internal sealed class BackendDeathException(BackendDeath death) : Exception(death.What)
{
    public BackendDeath Death => death;
}
