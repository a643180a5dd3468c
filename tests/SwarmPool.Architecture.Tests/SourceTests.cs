using System.Diagnostics;
using System.Text.RegularExpressions;

namespace SwarmPool.Architecture.Tests;

/// <summary>The rules of the house, over the source itself.</summary>
public sealed class SourceTests
{
    private static IReadOnlyList<SourceFile> Runtime { get; } = SourceTree.Files("src/SwarmPool.Runtime", ".cs");

    [Fact]
    public void The_runtime_stays_on_the_injected_scheduler_and_clock()
    {
        Assert.NotEmpty(Runtime);
        Assert.Empty(Runtime.SelectMany(SourceRules.EscapesScheduler));
    }

    [Fact]
    public void One_file_knows_the_plugin_loader()
    {
        var knowing = SourceTree.Files("src", ".cs").Concat(SourceTree.Files("plugins", ".cs")).Concat(SourceTree.Files("samples", ".cs"))
            .Where(file => SourceRules.MentionsLoader(file).Any());

        Assert.Equal(["src/SwarmPool.Runtime/Plugins/PluginIsolation.cs"], knowing.Select(file => file.Path));
    }

    /// <summary>Whoever may read a journal can lock it; whoever may write a folder can put a link there.</summary>
    [Fact]
    public void One_place_makes_files_and_they_are_their_owners_alone()
    {
        var making = SourceTree.Files("src", ".cs").Concat(SourceTree.Files("plugins", ".cs")).Concat(SourceTree.Files("samples", ".cs"))
            .Where(file => SourceRules.MakesFiles(file).Any()).Select(file => file.Path);

        Assert.Equal(["src/SwarmPool.Abstractions/Files/OwnFile.cs"], making);
    }

    /// <summary>Texts that others wrote are read by TextFile. The rest reads canonical bytes, its own, or expects anything and says so by itself.</summary>
    [Fact]
    public void One_place_reads_texts()
    {
        var reading = SourceTree.Files("src", ".cs").Concat(SourceTree.Files("plugins", ".cs")).Concat(SourceTree.Files("samples", ".cs"))
            .Where(file => !file.Path.StartsWith("src/SwarmPool.Testing/", StringComparison.Ordinal) && SourceRules.ReadsTexts(file).Any()).Select(file => file.Path);

        Assert.Equal(
            [
                "plugins/SwarmPool.Plugins.Embedded/Journal/JournalLock.cs",
                "plugins/SwarmPool.Plugins.Redis/Server/Script.cs",
                "samples/SwarmPool.Demo/DemoJobs.cs",
                "src/SwarmPool.Abstractions/Files/TextFile.cs",
                "src/SwarmPool.Core/Auditing/AuditCheckpoint.cs",
                "src/SwarmPool.Core/Pool/Records/RecordCodec.cs",
                "src/SwarmPool.Protocol/Snapshots/WireMismatch.cs",
                "src/SwarmPool.Runtime/Keys/Remote/SignerMessages.cs",
                "src/SwarmPool.Runtime/Verification/TokenForm.cs",
            ],
            reading.Order(StringComparer.Ordinal));
    }

    /// <summary>What decides is injected, so that the simulation's planted bugs meet every decision.</summary>
    [Fact]
    public void The_daemon_decides_by_the_injected_rules_alone()
    {
        var naming = Runtime.Where(file => Regex.IsMatch(file.Text, @"\b(PoolMachine|(Job|Claim|Proof|Miner|Epoch|Time|Delegation)Rules)\."));

        Assert.Equal(["src/SwarmPool.Runtime/Daemon/Epochs/PolicyReplacement.cs", "src/SwarmPool.Runtime/Hosting/DaemonRole.cs"], naming.Select(file => file.Path).Order(StringComparer.Ordinal));
    }

    /// <summary>But for the pool that tests of apps get in one line, which has to be made of some: those of one machine, and the rule that pays.</summary>
    [Fact]
    public void The_source_projects_never_name_a_plugin()
    {
        var naming = SourceTree.Files("src", ".cs").Concat(SourceTree.Files("src", ".csproj")).Where(static file => SourceRules.NamesPlugin(file).Any()).Select(static file => file.Path);

        Assert.Equal(["src/SwarmPool.Testing/App/TestPool.cs", "src/SwarmPool.Testing/SwarmPool.Testing.csproj"], naming.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Plugins_know_the_contracts_alone()
    {
        var projects = SourceTree.Files("plugins", ".csproj");

        Assert.Empty(projects.SelectMany(SourceRules.RefersBeyondAbstractions));
        Assert.Empty(projects.Concat(SourceTree.Files("plugins", ".cs")).SelectMany(SourceRules.NamesRuntime));
    }

    [Fact]
    public void Every_shipped_project_declares_its_public_api()
    {
        var folders = SourceTree.Files("src", ".csproj").Concat(SourceTree.Files("plugins", ".csproj"))
            .Select(project => Path.Combine(SourceTree.Root, Path.GetDirectoryName(project.Path)!)).ToList();

        Assert.NotEmpty(folders);
        Assert.DoesNotContain(folders, folder => !File.Exists(Path.Combine(folder, "PublicAPI.Unshipped.txt")));
    }

    [Fact]
    public void No_source_file_is_too_long() =>
        Assert.Empty(new[] { "src", "plugins", "samples", "benchmarks" }
            .SelectMany(folder => SourceTree.Files(folder, ".cs"))
            .SelectMany(SourceRules.TooLong));

    [Fact]
    public void Event_ids_are_unique_in_each_project()
    {
        var projects = SourceTree.Files("src", ".csproj").Concat(SourceTree.Files("plugins", ".csproj")).Concat(SourceTree.Files("samples", ".csproj"));
        var twice = projects.SelectMany(project =>
            SourceTree.Files(Path.GetDirectoryName(project.Path)!, ".cs")
                .SelectMany(SourceRules.EventIds)
                .GroupBy(id => id)
                .Where(id => id.Count() > 1)
                .Select(id => $"{project.Path}: {id.Key}"));

        Assert.Empty(twice);
        Assert.Contains(1001, Runtime.SelectMany(SourceRules.EventIds));
    }

    [Fact]
    public void The_package_configuration_names_no_source()
    {
        var configuration = System.Xml.Linq.XDocument.Load(Path.Combine(SourceTree.Root, "nuget.config"));

        Assert.Empty(configuration.Descendants("packageSources").SelectMany(sources => sources.Elements()));
    }

    [Fact]
    public void No_tracked_file_is_larger_than_a_megabyte()
    {
        var tracked = TrackedFiles();

        Assert.Contains("global.json", tracked);
        Assert.Empty(tracked
            .Select(path => new FileInfo(Path.Combine(SourceTree.Root, path)))
            .Where(file => file.Exists && file.Length > 1_048_576)
            .Select(file => $"{file.FullName}: {file.Length} bytes"));
    }

    private static string[] TrackedFiles()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z"])
        {
            WorkingDirectory = SourceTree.Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }
}
