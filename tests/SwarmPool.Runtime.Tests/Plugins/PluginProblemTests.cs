using static SwarmPool.Runtime.Tests.Plugins.PluginHost;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>Each way in which a plugin can fail: its code, and a message that names the plugin and the fix.</summary>
public sealed class PluginProblemTests
{
    [Fact]
    public void A_folder_that_is_not_there_lists_those_that_are()
    {
        var problem = Assert.Single(Problems(Using("TestPlugins.Goood")));

        Assert.StartsWith("SP1101: plugins:use names the plugin TestPlugins.Goood", problem, StringComparison.Ordinal);
        Assert.Contains($"The folders there: {string.Join(", ", Directory.GetDirectories(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal))}.", problem, StringComparison.Ordinal);
        Assert.Contains("plugins:folder", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugins_folder_that_is_not_there_is_said_so()
    {
        using var folder = new TemporaryFolder();

        var problem = Assert.Single(Problems(Builder(
            $$"""{ "plugins": { "folder": "{{folder.Combine("nowhere")}}", "use": { "A": {} } } }""")));

        Assert.StartsWith("SP1101", problem, StringComparison.Ordinal);
        Assert.Contains("does not exist", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_its_entry_assembly_is_said_so()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Combine("plugins", "Hollow"));

        var problem = Assert.Single(Problems(Builder("""{ "plugins": { "use": { "Hollow": {} } } }""", folder.Path)));

        Assert.StartsWith("SP1102", problem, StringComparison.Ordinal);
        Assert.Contains("has no Hollow.dll", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_assembly_that_is_not_marked_is_said_so()
    {
        var problem = Assert.Single(Problems(Using(Unmarked)));

        Assert.StartsWith($"SP1102: Plugin {Unmarked}:", problem, StringComparison.Ordinal);
        Assert.Contains("[assembly: SwarmPoolPlugin(typeof(…))]", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_said_so()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Combine("plugins", "Noise"));
        File.WriteAllBytes(folder.Combine("plugins", "Noise", "Noise.dll"), [.. Enumerable.Range(0, 4_096).Select(i => (byte)(i * 31))]);

        var problem = Assert.Single(Problems(Builder("""{ "plugins": { "use": { "Noise": {} } } }""", folder.Path)));

        Assert.StartsWith("SP1111: Plugin Noise:", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_plugin_throws_is_reported_as_that_plugins()
    {
        var problem = Assert.Single(Problems(Using(Throwing)));

        Assert.StartsWith($"SP1106: Plugin {Throwing} threw InvalidOperationException while it registered itself: the moon is wrong.", problem, StringComparison.Ordinal);
        Assert.Contains($"plugins:use:{Throwing}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slot_that_two_plugins_fill_names_both()
    {
        var problem = Assert.Single(Problems(Using(Good, TakenSlot)));

        Assert.StartsWith($"SP1103: Plugin {TakenSlot}: The settlement policy slot is filled twice", problem, StringComparison.Ordinal);
        Assert.Contains("by Good settlement and by Rival settlement", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void One_failing_plugin_does_not_hide_the_others()
    {
        var problems = Problems(Using(Throwing, "Missing", Good, Unmarked, TakenSlot));

        Assert.Equal(["SP1101", "SP1102", "SP1103", "SP1106"], problems.Select(line => line[..6]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "plugins": { "use": [ "TestPlugins.Good" ] } }""", "is a list")]
    [InlineData("""{ "plugins": { "use": { "TestPlugins.Good": true } } }""", "has to be an object")]
    public void A_section_of_the_wrong_form_says_the_right_one(string json, string expected)
    {
        var problem = Assert.Single(Problems(Builder(json)));

        Assert.StartsWith("SP1001: plugins:use", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_can_not_lead_out_of_the_folder()
    {
        using var folder = new TemporaryFolder();
        folder.CopyPlugin(Good);
        Directory.CreateDirectory(folder.Combine("inner"));

        var problem = Assert.Single(Problems(Builder(
            $$"""{ "plugins": { "folder": "inner", "use": { "../plugins/{{Good}}": {} } } }""", folder.Path)));

        Assert.StartsWith("SP1101", problem, StringComparison.Ordinal);
    }
}
