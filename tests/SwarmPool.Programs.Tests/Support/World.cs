using System.CommandLine;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console.Testing;
using SwarmPool.Programs.Client;
using SwarmPool.Programs.Daemon;
using SwarmPool.Programs.Miner;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;

namespace SwarmPool.Programs.Tests.Support;

/// <summary>The surroundings of a program under test: a folder, an environment, a clock, and screens that can be read.</summary>
internal sealed class World : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 48, 0, TimeSpan.Zero);

    private readonly TestConsole screen = new();
    private readonly TestConsole error = new();
    private readonly StringWriter output = new();

    public World(int width = 100, bool unicode = true, CancellationToken stop = default)
    {
        screen.Profile.Width = 1_000_000;
        error.Profile.Width = 1_000_000;
        Context = new ProgramContext
        {
            Name = "program",
            Out = output,
            Screen = new Terminal(screen, width, unicode),
            Error = new Terminal(error, width, unicode),
            Environment = name => Environment.GetValueOrDefault(name),
            Folder = Folder,
            Time = Time,
            Stop = stop,
        };
    }

    public Dictionary<string, string> Environment { get; } = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("swarmpool-programs-").FullName;

    public FakeTimeProvider Time { get; } = new(Now);

    public ProgramContext Context { get; }

    public string Screen => screen.Output;

    public string Error => error.Output;

    public string Out => output.ToString();

    public Task<int> SwarmPoolAsync(params string[] args) => RunAsync(DaemonCommands.Create, args);

    public Task<int> MinerAsync(params string[] args) => RunAsync(MinerCommands.Create, args);

    public Task<int> ClientAsync(params string[] args) => RunAsync(ClientCommands.Create, args);

    public string PathOf(string file) => Path.Combine(Folder, file);

    public void Write(string file, string text) => File.WriteAllText(PathOf(file), text);

    /// <summary>Lets something print, and waits until it is printed.</summary>
    public async Task PrintAsync(Action<Printer> print)
    {
        await using var printer = new Printer(_ => Assert.Fail("nothing may be left out here"));
        print(printer);
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        screen.Dispose();
        error.Dispose();
        output.Dispose();
    }

    private Task<int> RunAsync(Func<ProgramContext, RootCommand> commands, string[] args) => CommandLineProgram.RunAsync(Context, args, commands(Context));
}
