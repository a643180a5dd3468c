using SwarmPool.Runtime.Processes;

namespace SwarmPool.Runtime.Backends;

/// <summary>
/// How this program starts a process for an inference backend: itself again, with an argument by which it knows
/// (<c>BackendProcessHost</c>). Registered as a service; without it every backend runs in the program's own process.
/// </summary>
/// <param name="FileName">The executable.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record BackendProgram(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>The argument by which a program knows that it is to be a backend's process: "backend-process".</summary>
    public const string Argument = "backend-process";

    /// <summary>This program: by its own executable, or by <c>dotnet</c> and its assembly where it was started so. Null when it can't be told.</summary>
    public static BackendProgram? OfThisProgram() => OwnProgram.With(Argument) is { } own ? new(own.FileName, own.Arguments) : null;
}
