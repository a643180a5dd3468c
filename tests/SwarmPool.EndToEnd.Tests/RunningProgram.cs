using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>One of the programs, started as its user would, in a process of its own; stopped by id when disposed.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningProgram(Process process, string name)
    {
        this.process = process;
        Name = name;
        process.OutputDataReceived += (_, e) => Add(e.Data);
        process.ErrorDataReceived += (_, e) => Add(e.Data is null ? null : "stderr: " + e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>The JSON document that a program printed, without what it said on its error stream meanwhile.</summary>
    public static JsonElement Document(IEnumerable<string> lines) =>
        JsonElement.Parse(string.Join('\n', lines.Where(static line => !line.StartsWith("stderr:", StringComparison.Ordinal))));

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>The folder of the repository that is tested.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The configuration that is tested: where the tests themselves run is artifacts/bin/(project)/(configuration).</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <param name="project">The program's project, e.g. "SwarmPool.Daemon".</param>
    /// <param name="assembly">Its assembly, e.g. "swarmpool".</param>
    /// <param name="workingFolder">Where it starts.</param>
    /// <param name="environment">What it finds in its environment besides ours.</param>
    /// <param name="arguments">What its user types.</param>
    public static RunningProgram Start(
        string project, string assembly, string workingFolder, IReadOnlyDictionary<string, string> environment, params string[] arguments) => StartFile(
        "dotnet", workingFolder, environment, [FileOf(project, assembly), .. arguments]);

    /// <summary>Where a program was built to.</summary>
    public static string FileOf(string project, string assembly) => Path.Combine(Repository, "artifacts", "bin", project, Configuration, assembly + ".dll");

    public static RunningProgram StartFile(string file, string workingFolder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = workingFolder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return new RunningProgram(Process.Start(start)!, string.Join(' ', arguments.Take(2).Select(Path.GetFileName)));
    }

    /// <summary>Waits for a line that holds all of the words; fails with everything the program said when it does not come.</summary>
    public async Task<string> SaysAsync(TimeSpan patience, params string[] words)
    {
        var until = Stopwatch.GetTimestamp() + (long)(patience.TotalSeconds * Stopwatch.Frequency);
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (lines.Find(line => words.All(word => line.Contains(word, StringComparison.Ordinal))) is { } found)
                {
                    return found;
                }

                next = changed.Task;
            }

            var left = TimeSpan.FromSeconds((until - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency);
            if (left <= TimeSpan.Zero || process.HasExited)
            {
                await Task.Delay(200);
                Assert.Fail($"{Name} did not say [{string.Join(", ", words)}]{(process.HasExited ? $" and ended with {process.ExitCode}" : "")}. It said:\n{string.Join('\n', Lines)}");
            }

            await Task.WhenAny(next, Task.Delay(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1)));
        }
    }

    public async Task<int> EndsAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{Name} did not end within {patience.TotalSeconds} s. It said:\n{string.Join('\n', Lines)}");
        }

        return process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Signal(2);

    /// <summary>kill -N.</summary>
    public void Signal(int number) => Assert.Equal(0, SysKill(process.Id, number));

    /// <summary>SIGSTOP: it stands still, as when its machine is paused.</summary>
    public void Pause() => Assert.Equal(0, SysKill(process.Id, 19));

    /// <summary>SIGCONT.</summary>
    public void Resume() => Assert.Equal(0, SysKill(process.Id, 18));

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (gate)
        {
            lines.Add(line);
            var before = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            before.SetResult();
        }
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SwarmPool.Framework.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} lies in no checkout of the repository.");
        }

        return folder.FullName;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SysKill(int id, int signal);
}
