using System.Collections;
using System.Globalization;
using SwarmPool.Runtime.Processes;

namespace SwarmPool.Runtime.Settlement.Processes;

/// <summary>One process with a policy in it: bounded in memory by its runtime, and watched from here in memory and time.</summary>
/// <remarks>One caller at a time. Whatever ends it, with all that it started, makes reads and writes fail.</remarks>
internal sealed class PolicyProcess : IDisposable
{
    // What a .NET process has besides its heap: code, stacks, native libraries.
    private const long Beside = 128L << 20;
    private const int Stack = 8 << 20;

    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);

    // Nothing of the program's environment, where secrets may be, but what a .NET process needs to start.
    private static readonly string[] Kept = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot", "USERPROFILE", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"];

    private readonly ChildProcess process;
    private volatile PolicyEnd ended;

    private PolicyProcess(ChildProcess process, long memory)
    {
        (this.process, Memory) = (process, memory);
        Lines = new PolicyLines(process.Output, new BufferedStream(process.Input, 64 * 1024));
    }

    /// <summary>The most bytes that its heap may have.</summary>
    public long Memory { get; }

    /// <summary>What is said to it, and by it.</summary>
    public PolicyLines Lines { get; }

    /// <summary>Why it was ended from here.</summary>
    public PolicyEnd Ended => ended;

    /// <summary>Starts one.</summary>
    /// <exception cref="IOException">It can't be started.</exception>
    public static PolicyProcess Start(PolicyProgram program, long memory)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(static pair => KeyValuePair.Create((string)pair.Key, (string?)pair.Value))
            .Where(static pair => Kept.Contains(pair.Key, StringComparer.OrdinalIgnoreCase));
        return new PolicyProcess(ChildProcess.Start(program.FileName, program.Arguments, [.. environment, .. Settings(memory)]), memory);
    }

    /// <summary>Watches it while it works; ends it when it takes too long, or more memory than it may.</summary>
    public IDisposable Watch(TimeSpan limit, TimeProvider time)
    {
        var since = time.GetTimestamp();
        return time.CreateTimer(
            _ =>
            {
                if (time.GetElapsedTime(since) > limit)
                {
                    End(PolicyEnd.Time);
                }
                else if (process.ResidentBytes() > Memory + Beside)
                {
                    End(PolicyEnd.Memory);
                }
            },
            null,
            limit < Often ? limit : Often,
            Often);
    }

    /// <summary>Waits until it has ended, and says how: its exit code, and the end of what it wrote to its error output.</summary>
    public (int ExitCode, string Said) Outcome() => process.Outcome();

    public void Dispose() => process.Dispose();

    private static KeyValuePair<string, string?>[] Settings(long memory) =>
    [
        new("DOTNET_GCHeapHardLimit", "0x" + memory.ToString("X", CultureInfo.InvariantCulture)),
        new("DOTNET_DefaultStackSize", "0x" + Stack.ToString("X", CultureInfo.InvariantCulture)),
        new("DOTNET_gcServer", "0"),
        new("DOTNET_EnableDiagnostics", "0"), // Nobody debugs it, and no dump of an operator's data is left when it crashes.
    ];

    private void End(PolicyEnd why)
    {
        if (ended == PolicyEnd.None)
        {
            ended = why;
        }

        process.Kill();
    }
}

/// <summary>Why a policy's process was ended by the program.</summary>
internal enum PolicyEnd
{
    /// <summary>It was not, or nobody needed it any more.</summary>
    None = 0,

    /// <summary>It took too long.</summary>
    Time,

    /// <summary>It took too much memory.</summary>
    Memory,
}
