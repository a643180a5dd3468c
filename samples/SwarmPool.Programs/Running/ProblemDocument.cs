using SwarmPool.Programs.Reporting;

namespace SwarmPool.Programs.Running;

/// <summary>What ended a program that was asked for JSON, as one line of it, among events as alone.</summary>
internal static class ProblemDocument
{
    private const int CodeLength = 6;

    /// <summary>Writes it when the command line has <c>--json</c>: <c>{"status":"error","exit_code":2,"problems":[{"code":"SP1003","reason":"…"}]}</c>.</summary>
    /// <param name="context">The program's surroundings.</param>
    /// <param name="args">What was typed.</param>
    /// <param name="exit">The exit code.</param>
    /// <param name="problems">What is wrong, each with its code before a colon where it has one.</param>
    public static void WriteIfAsked(ProgramContext context, IReadOnlyList<string> args, int exit, IEnumerable<string> problems)
    {
        if (args.Contains(CommonOptions.JsonName, StringComparer.Ordinal))
        {
            context.Out.WriteLine(JsonText.Line(new { status = "error", exitCode = exit, problems = problems.Select(Parts) }));
        }
    }

    private static object Parts(string line) => line.StartsWith("SP", StringComparison.Ordinal) && line.IndexOf(": ", StringComparison.Ordinal) == CodeLength
        ? new { code = (string?)line[..CodeLength], reason = line[(CodeLength + 2)..] }
        : new { code = (string?)null, reason = line };
}
