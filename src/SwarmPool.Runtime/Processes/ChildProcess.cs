using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SwarmPool.Runtime.Processes;

/// <summary>A process that this program starts, talks to over its standard input and output, and ends with all that it started.</summary>
/// <remarks>Thread-safe. Whatever ends it makes reads and writes fail. Its error output is read and dropped, but for the last of it.</remarks>
internal sealed class ChildProcess : IDisposable
{
    private const int TailBytes = 4096;

    private static readonly TimeSpan ForTheTail = TimeSpan.FromMilliseconds(100);

    private readonly Process process;
    private readonly Task tail;
    private readonly byte[] said = new byte[TailBytes];
    private int saidBytes;

    private ChildProcess(Process process)
    {
        this.process = process;
        tail = ReadTailAsync(process.StandardError.BaseStream);
    }

    /// <summary>What is written to it.</summary>
    public Stream Input => process.StandardInput.BaseStream;

    /// <summary>What it writes.</summary>
    public Stream Output => process.StandardOutput.BaseStream;

    /// <summary>Its number.</summary>
    public int Id => process.Id;

    /// <summary>Starts one.</summary>
    /// <param name="fileName">The executable.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">All of its environment.</param>
    /// <exception cref="IOException">It can't be started.</exception>
    public static ChildProcess Start(string fileName, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment.Clear();
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        try
        {
            return new ChildProcess(Process.Start(start) ?? throw new IOException("It can't be started."));
        }
        catch (Win32Exception e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Bytes of memory that it has, its runtime and native libraries included; 0 when it has ended.</summary>
    public long ResidentBytes()
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

    /// <summary>Ends it, with all that it started.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            return; // It is gone already.
        }
    }

    /// <summary>Ends it, waits until it has ended, and says how: its exit code, and the end of what it wrote to its error output.</summary>
    public (int ExitCode, string Said) Outcome()
    {
        Kill(); // It may have closed its output only.
        process.WaitForExit();
        tail.Wait(ForTheTail); // What it started may hold the output open for longer.
        lock (said)
        {
            return (process.ExitCode, Encoding.UTF8.GetString(said, 0, saidBytes));
        }
    }

    /// <summary>The last line of what it said, as one that steers no terminal; null for none.</summary>
    public static string? LastLine(string said)
    {
        var last = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        return last is null ? null : string.Concat(last.Take(200).Select(static c => char.IsControl(c) ? '?' : c));
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
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
