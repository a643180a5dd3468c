using System.Reflection.PortableExecutable;
using SwarmPool.Plugins;
using SwarmPool.Runtime.Plugins;
using static SwarmPool.Runtime.Tests.Plugins.PluginHost;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>What is found in a plugin's files before any of it is loaded: the code, the plugin, the rule and how to fix it.</summary>
public sealed class PreflightTests
{
    private const string Initializer = "TestPlugins.Initializer";

    [Fact]
    public void Nothing_of_a_plugin_runs_before_its_checks_have_passed()
    {
        using var folder = new TemporaryFolder();
        var ran = Path.Combine(folder.CopyPlugin(Initializer), Initializer + ".dll.ran");
        var dependencies = folder.Combine("plugins", Initializer, Initializer + ".deps.json");
        var right = File.ReadAllText(dependencies);
        File.WriteAllText(dependencies, "{");

        Assert.StartsWith("SP1110", Problem(folder, Initializer), StringComparison.Ordinal);
        Assert.False(File.Exists(ran), "Its module initializer ran.");

        File.WriteAllText(dependencies, right);
        Builder(Use(Initializer), folder.Path).UsePlugins(new PluginCatalog());
        Assert.True(File.Exists(ran), "It runs as soon as the plugin is loaded: else the check above would check nothing.");
    }

    [Fact]
    public void A_plugin_built_against_newer_contracts_is_told_to_wait()
    {
        var problem = Assert.Single(Problems(Using("TestPlugins.OnNewer")));

        Assert.StartsWith("SP1107: Plugin TestPlugins.OnNewer: TestPlugins.OnNewer.dll was built against SwarmPool.Abstractions 0.99.0, and this program has 0.1.0", problem, StringComparison.Ordinal);
        Assert.Contains("Update this program", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_copy_of_the_contracts_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.Copy(typeof(ISwarmPoolPlugin).Assembly.Location, Path.Combine(folder.CopyPlugin(Good), "SwarmPool.Abstractions.dll"));

        var problem = Problem(folder, Good);

        Assert.StartsWith($"SP1108: Plugin {Good}: it brings its own SwarmPool.Abstractions.dll", problem, StringComparison.Ordinal);
        Assert.Contains("Delete that file", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_to_a_newer_shared_assembly_is_refused()
    {
        using var folder = new TemporaryFolder();
        PluginBytes.Reference(Path.Combine(folder.CopyPlugin(Good), Good + ".dll"), "Microsoft.Extensions.Options", new Version(99, 0));

        var problem = Problem(folder, Good);

        Assert.StartsWith($"SP1109: Plugin {Good}: {Good}.dll refers to Microsoft.Extensions.Options 99.0.0.0", problem, StringComparison.Ordinal);
        Assert.Contains("this program has 10.0.0.0", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json at all", "can't be read")]
    [InlineData("[]", "lacks runtimeTarget or targets")]
    [InlineData("""{ "runtimeTarget": { "name": "x" }, "targets": { "x": { "Evil/1.0.0": { "runtime": { "../../evil.dll": {} } } } } }""", "names ../../evil.dll, which is outside")]
    [InlineData("""{ "runtimeTarget": { "name": "x" }, "targets": { "x": { "E/1.0.0": { "runtime": { "../e.dll": {} } } } }, "targets": {} }""", "can't be read")]
    [InlineData("""{ "runtimeTarget": { "name": "x" }, "targets": { "x": { "../evil/1.0.0": {} } } }""", "names ../evil/1.0.0, which is outside")]
    [InlineData("""{ "runtimeTarget": { "name": "x" }, "targets": {}, "libraries": { "Evil/1.0.0": { "path": "../evil" } } }""", "names ../evil, which is outside")]
    [InlineData("""{ "runtimeTarget": { "name": "x" }, "targets": { "x": { "Evil/1.0.0": { "native": { "/tmp/evil.so": {} } } } } }""", "names /tmp/evil.so, which is outside")]
    [InlineData("""{ "runtimeTarget": { "name": "x" }, "targets": { "x": { "Evil/1.0.0": { "runtimeTargets": { "runtimes\\..\\..\\evil.dll": {} } } } } }""", "which is outside")]
    public void A_list_of_dependencies_is_readable_and_stays_in_the_folder(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.CopyPlugin(Good), Good + ".deps.json"), text);

        var problem = Problem(folder, Good);

        Assert.StartsWith($"SP1110: Plugin {Good}: its {Good}.deps.json", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".runtimeconfig.json")]
    [InlineData(".runtimeconfig.dev.json")]
    public void Further_places_to_look_for_dependencies_are_refused(string suffix)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            Path.Combine(folder.CopyPlugin(Good), Good + suffix),
            """{ "runtimeOptions": { "additionalProbingPaths": [ "/tmp" ] } }""");

        Assert.Contains("additionalProbingPaths, which lead out", Problem(folder, Good), StringComparison.Ordinal);
    }

    [Fact]
    public void Code_for_another_processor_is_refused()
    {
        using var folder = new TemporaryFolder();
        var entry = Path.Combine(folder.CopyPlugin(Good), Good + ".dll");
        var right = File.ReadAllBytes(entry);
        var other = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? Machine.Amd64 : Machine.Arm64;
        PluginBytes.ForProcessor(entry, other);
        Assert.Matches($"^SP1111: Plugin {Good}: .* is for (arm64|x64) alone, and this process runs on", Problem(folder, Good));

        File.WriteAllBytes(entry, right);
        PluginBytes.ForX86Alone(entry);
        Assert.Contains("is for x86 alone", Problem(folder, Good), StringComparison.Ordinal);

        // A dependency that lies beside the entry is loaded as well as it.
        File.WriteAllBytes(entry, right);
        PluginBytes.ForX86Alone(Path.Combine(folder.Combine("plugins", Good), "Newtonsoft.Json.dll"));
        Assert.StartsWith($"SP1111: Plugin {Good}: Newtonsoft.Json.dll is for x86 alone", Problem(folder, Good), StringComparison.Ordinal);
    }

    [Fact]
    public void Native_code_in_the_place_of_the_entry_is_refused()
    {
        using var folder = new TemporaryFolder();
        PluginBytes.WithoutMetadata(Path.Combine(folder.CopyPlugin(Good), Good + ".dll"));

        Assert.Contains("is no .NET assembly: it is native code", Problem(folder, Good), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_of_an_assembly_is_refused_and_none_fells_the_host()
    {
        using var folder = new TemporaryFolder();
        var entry = Path.Combine(folder.CopyPlugin(Initializer), Initializer + ".dll");
        var whole = File.ReadAllBytes(entry);
        for (var length = 0; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(entry, whole[..length]);
            Assert.NotEmpty(Problems(Builder(Use(Initializer), folder.Path)));
        }
    }

    [Fact]
    public void An_entry_point_that_is_no_plugin_is_refused_and_says_why()
    {
        var problem = Assert.Single(Problems(Using("TestPlugins.WrongEntry")));

        Assert.StartsWith("SP1102: Plugin TestPlugins.WrongEntry: its entry point TestPlugins.WrongEntry.WrongEntryPlugin will not do: it does not implement ISwarmPoolPlugin", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_point_may_be_nested_and_inherit_what_makes_it_one() =>
        Using("TestPlugins.Derived").UsePlugins(new PluginCatalog());

    [Fact]
    public void A_link_in_the_folder_is_refused_and_the_folder_may_be_one()
    {
        using var folder = new TemporaryFolder();
        var plugin = folder.CopyPlugin(Good);
        var elsewhere = folder.Combine("elsewhere", Good);
        Directory.CreateDirectory(folder.Combine("elsewhere"));
        Directory.Move(plugin, elsewhere);
        Directory.CreateSymbolicLink(plugin, elsewhere);
        Builder(Use(Good), folder.Path).UsePlugins(new PluginCatalog());

        File.Move(Path.Combine(elsewhere, "Newtonsoft.Json.dll"), folder.Combine("Newtonsoft.Json.dll"));
        File.CreateSymbolicLink(Path.Combine(elsewhere, "Newtonsoft.Json.dll"), folder.Combine("Newtonsoft.Json.dll"));
        Assert.StartsWith($"SP1114: Plugin {Good}: Newtonsoft.Json.dll is a link", Problem(folder, Good), StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_of_all_plugins_are_told_at_once()
    {
        using var folder = new TemporaryFolder();
        var plugin = folder.CopyPlugin(Good);
        File.Copy(typeof(ISwarmPoolPlugin).Assembly.Location, Path.Combine(plugin, "SwarmPool.Abstractions.dll"));
        File.WriteAllText(Path.Combine(plugin, Good + ".deps.json"), "");
        PluginBytes.ForX86Alone(Path.Combine(plugin, Good + ".dll"));
        folder.CopyPlugin("TestPlugins.OnNewer");
        folder.CopyPlugin("TestPlugins.WrongEntry");

        var problems = Problems(Builder(Use(Good, "TestPlugins.OnNewer", "TestPlugins.WrongEntry"), folder.Path));

        Assert.Equal(["SP1102", "SP1107", "SP1108", "SP1110", "SP1111"], problems.Select(line => line[..6]).Order(StringComparer.Ordinal));
    }

    private static string Problem(TemporaryFolder folder, string plugin) => Assert.Single(Problems(Builder(Use(plugin), folder.Path)));
}
