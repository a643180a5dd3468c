using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SwarmPool.Runtime.Settlement.Processes;

/// <summary>One process with a policy in it: bounded in memory by its runtime, and watched from here in memory and time.</summary>
/// <remarks>One caller at a time. Whatever ends it, with all that it started, makes reads and writes fail.</remarks>
internal sealed class PolicyProcess : IDisposable
{
    // What a .NET process has besides its heap: code, stacks, native libraries.
    private const long Beside = 128L << 20;
    private const int Stack = 8 << 20;
    private const int TailBytes = 4096;

    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);

    // Nothing of the program's environment, where secrets may be, but what a .NET process needs to start.
    private static readonly string[] Kept = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot", "USERPROFILE", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"];

    private readonly Process process;
    private readonly Task tail;
    private readonly byte[] said = new byte[TailBytes];
    private int saidBytes;
    private volatile PolicyEnd ended;

    private PolicyProcess(Process process, long memory)
    {
        (this.process, Memory) = (process, memory);
        Lines = new PolicyLines(process.StandardOutput.BaseStream, new BufferedStream(process.StandardInput.BaseStream, 64 * 1024));
        tail = ReadTailAsync(process.StandardError.BaseStream);
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
        var start = new ProcessStartInfo(program.FileName, program.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment.Clear();
        foreach (var (key, value) in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(static pair => ((string)pair.Key, (string?)pair.Value)))
        {
            if (Kept.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                start.Environment[key] = value;
            }
        }

        start.Environment["DOTNET_GCHeapHardLimit"] = "0x" + memory.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_DefaultStackSize"] = "0x" + Stack.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // Nobody debugs it, and no dump of an operator's data is left when it crashes.
        try
        {
            return new PolicyProcess(Process.Start(start) ?? throw new IOException("It can't be started."), memory);
        }
        catch (Win32Exception e)
        {
            throw new IOException(e.Message, e);
        }
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
                else if (ResidentBytes() > Memory + Beside)
                {
                    End(PolicyEnd.Memory);
                }
            },
            null,
            limit < Often ? limit : Often,
            Often);
    }

    /// <summary>Waits until it has ended, and says how: its exit code, and the end of what it wrote to its error output.</summary>
    public (int ExitCode, string Said) Outcome()
    {
        End(PolicyEnd.None); // It may have closed its output only.
        process.WaitForExit();
        tail.Wait(Often); // What it started may hold the output open for longer.
        lock (said)
        {
            return (process.ExitCode, Encoding.UTF8.GetString(said, 0, saidBytes));
        }
    }

    public void Dispose()
    {
        End(PolicyEnd.None);
        process.Dispose();
    }

    private void End(PolicyEnd why)
    {
        if (why != PolicyEnd.None && ended == PolicyEnd.None)
        {
            ended = why;
        }

        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            return; // It is gone already.
        }
    }

    private long ResidentBytes()
    {
        try
        {
            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return 0; // It has ended just now.
        }
    }

    // However much it writes, a few kilobytes of it are kept: the last.
    private async Task ReadTailAsync(Stream errors)
    {
        var buffer = new byte[TailBytes];
        try
        {
            int read;
            while ((read = await errors.ReadAsync(buffer)) > 0)
            {
                lock (said)
                {
                    var kept = Math.Min(saidBytes, TailBytes - read);
                    Buffer.BlockCopy(said, saidBytes - kept, said, 0, kept);
                    Buffer.BlockCopy(buffer, 0, said, kept, read);
                    saidBytes = kept + read;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return; // It has ended.
        }
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
