using SwarmPool.EndToEnd.Tests;
using SwarmPool.Packages.Tests;

[assembly: AssemblyFixture(typeof(Feed))]

namespace SwarmPool.Packages.Tests;

/// <summary>
/// A folder of the packages, and what a fresh developer has beside it: an empty package cache, so that nothing stale is taken, an own
/// home of the dotnet command, and the machine's configured package sources.
/// </summary>
public sealed class Feed : IAsyncLifetime
{
    private static readonly string[] Few = ["src/SwarmPool.Abstractions", "src/SwarmPool.Protocol", "src/SwarmPool.Core", "src/SwarmPool.Runtime", "src/SwarmPool.Testing", "plugins/SwarmPool.Plugins.Embedded", "plugins/SwarmPool.Plugins.Settlement7525", "samples/SwarmPool.Daemon", "templates"];

    /// <summary>Whether the long runs are asked for.</summary>
    public static bool IsFull { get; } = System.Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1";

    /// <summary>It bounds failure only: a restore waits for a network, and the machine may be busy.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(8);

    public string Root { get; } = Directory.CreateTempSubdirectory("swarmpool-packages-").FullName;

    public string Packages => Path.Combine(Root, "feed");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Packages);
        if (IsFull)
        {
            await RunAsync(RunningProgram.Repository, "bash", "pack.sh", "--output", Packages);
        }
        else
        {
            // As they were built for these tests; pack.sh builds them anew, for minutes.
            await RunAsync(RunningProgram.Repository, "dotnet", "msbuild", "eng/Packages.proj", "-t:PackBuilt", "-m", "-nologo", "-v:quiet",
                $"-p:Configuration={RunningProgram.Configuration}", $"-p:PackageOutputPath={Packages}", $"-p:Only=\"{string.Join(';', Few)}\"");
        }

        await File.WriteAllTextAsync(Path.Combine(Root, "NuGet.config"), $"""
            <configuration><packageSources><add key="local" value="{Packages}" /></packageSources></configuration>
            """);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A new folder under the feed's configuration.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    /// <summary>Runs a command as a developer would; what it said, when it ended well.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(string folder, string file, params string[] arguments)
    {
        await using var program = RunningProgram.StartFile(file, folder, Environment, arguments);
        var code = await program.EndsAsync(Patience);
        Assert.True(code == 0, $"{file} {string.Join(' ', arguments)} ended with {code}:\n{string.Join('\n', program.Lines)}");
        return program.Lines;
    }

    /// <summary>The environment of all that runs on the feed.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["NUGET_PACKAGES"] = Path.Combine(Root, "cache"),
        ["DOTNET_CLI_HOME"] = Path.Combine(Root, "home"),
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["UseSharedCompilation"] = "false",
    };
}
