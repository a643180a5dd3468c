using SwarmPool.Runtime.Processes;

namespace SwarmPool.Runtime.Settlement.Processes;

/// <summary>
/// How this program starts a process for a foreign settlement policy: itself again, with an argument by which it knows
/// (<c>PolicyProcessHost</c>). Registered as a service; without it every policy runs in the program's own process.
/// </summary>
/// <param name="FileName">The executable.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record PolicyProgram(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>The argument by which a program knows that it is to be a policy's process: "policy-process".</summary>
    public const string Argument = "policy-process";

    /// <summary>This program: by its own executable, or by <c>dotnet</c> and its assembly where it was started so. Null when it can't be told.</summary>
    public static PolicyProgram? OfThisProgram() => OwnProgram.With(Argument) is { } own ? new(own.FileName, own.Arguments) : null;
}
