using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Backends;
using SwarmPool.Runtime.Settlement.Processes;

namespace SwarmPool.Programs.Running;

/// <summary>What a program knows of the world it was started in; tests make one of their own.</summary>
public sealed class ProgramContext
{
    /// <summary>The program's name as typed, e.g. "swarmpool".</summary>
    public required string Name { get; init; }

    /// <summary>For machines, and for what was asked for: JSON, help, a model's output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For people, on standard output.</summary>
    public required Terminal Screen { get; init; }

    /// <summary>For people, on standard error: problems and warnings.</summary>
    public required Terminal Error { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>What relative paths of the command line are relative to.</summary>
    public required string Folder { get; init; }

    /// <summary>How a process is started for a foreign settlement policy; null: it runs in this one.</summary>
    public PolicyProgram? PolicyProgram { get; init; }

    /// <summary>How a process is started for an inference backend; null: it runs in this one.</summary>
    public BackendProgram? BackendProgram { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told to stop.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>The context of this process.</summary>
    public static ProgramContext OfProcess(string name, CancellationToken stop)
    {
        var output = new PatientWriter(Console.Out, stop);
        return new()
        {
            Name = name,
            Out = output,
            Screen = SystemTerminal.Output(output),
            Error = SystemTerminal.Error(new QuietWriter(new PatientWriter(Console.Error, new CancellationToken(true)))),
            Environment = System.Environment.GetEnvironmentVariable,
            Folder = Directory.GetCurrentDirectory(),
            PolicyProgram = PolicyProgram.OfThisProgram(),
            BackendProgram = BackendProgram.OfThisProgram(),
            Stop = stop,
        };
    }

    /// <summary>The full path of a path as typed.</summary>
    public string PathOf(string typed) => Path.GetFullPath(typed, Folder);
}
