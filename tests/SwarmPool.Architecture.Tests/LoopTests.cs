using System.Text.Json;
using System.Text.RegularExpressions;

namespace SwarmPool.Architecture.Tests;

/// <summary>What a developer's loop rests on: what each test project starts, what the solution filters name, and the order of usings.</summary>
public sealed partial class LoopTests
{
    private static readonly string[] Needs = ["nothing", "processes", "ipfs", "ethereum", "inference", "redis", "models", "packages"];

    private static IReadOnlyList<SourceFile> TestProjects { get; } = [.. SourceTree.Files("tests", ".Tests.csproj")];

    [Fact]
    public void Every_test_project_says_what_it_starts()
    {
        Assert.NotEmpty(TestProjects);
        Assert.All(TestProjects, project =>
        {
            var needs = NeedsOf(project);
            Assert.NotEmpty(needs);
            Assert.Empty(needs.Except(Needs, StringComparer.Ordinal));
        });
    }

    [Fact]
    public void What_a_project_says_is_a_trait_of_its_tests() =>
        Assert.Contains(typeof(LoopTests).Assembly.GetCustomAttributesData(), attribute =>
            attribute.AttributeType == typeof(TraitAttribute) && attribute.ConstructorArguments.Select(static one => (string?)one.Value).SequenceEqual(["Needs", "nothing"]));

    /// <summary>What some classes start is said by those classes, and by the ones that have a pool over it.</summary>
    [Theory]
    [InlineData("SwarmPool.EndToEnd.Tests", "redis", "RedisServer|RedisPool")]
    [InlineData("SwarmPool.EndToEnd.Tests", "ipfs", "IpfsNode|IpfsPool|NamedPool")]
    [InlineData("SwarmPool.EndToEnd.Tests", "ethereum", "EnsChain|NamedPool|ContractPool")]
    [InlineData("SwarmPool.Programs.Tests", "ethereum", "EnsChain")]
    [InlineData("SwarmPool.Plugins.Onnx.Tests", "models", "onnx-models")]
    [InlineData("SwarmPool.Plugins.ChatClient.Tests", "inference", "InferenceServer")]
    public void What_some_classes_start_is_said_by_those(string project, string need, string starts)
    {
        var classes = SourceTree.Files($"tests/{project}", "Tests.cs");
        var starting = classes.Where(file => Regex.IsMatch(file.Text, $@"\b({starts})\b", RegexOptions.ExplicitCapture)).Select(file => file.Path);
        var saying = classes.Where(file => file.Text.Contains($"[Trait(\"Needs\", \"{need}\")]", StringComparison.Ordinal)).Select(file => file.Path);

        Assert.NotEmpty(saying);
        Assert.Equal(starting, saying);
    }

    [Fact]
    public void The_fast_tests_start_no_server()
    {
        var fast = Filter("Fast.slnf");

        Assert.Contains("tests/SwarmPool.Core.Tests/SwarmPool.Core.Tests.csproj", fast);
        Assert.All(TestProjects.Where(project => fast.Contains(project.Path)), project => Assert.Empty(NeedsOf(project).Except(["nothing", "models"], StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("Core.slnf")]
    [InlineData("Fast.slnf")]
    [InlineData("Plugins.slnf")]
    [InlineData("Samples.slnf")]
    public void A_solution_filter_names_what_there_is(string filter) => Assert.DoesNotContain(Filter(filter), path => !File.Exists(Path.Combine(SourceTree.Root, path)));

    [Fact]
    public void Usings_stand_in_their_order() =>
        Assert.Empty(new[] { "src", "plugins", "samples", "benchmarks", "tests", "tools" }
            .SelectMany(folder => SourceTree.Files(folder, ".cs"))
            .Where(file => !AreOrdered(file.Text))
            .Select(file => file.Path));

    [Theory]
    [InlineData("using System;\nusing System.Text;\nusing Alpha;\nusing Beta;\n", true)]
    [InlineData("using Alpha;\nusing System;\n", false)]
    [InlineData("using Beta;\nusing Alpha;\n", false)]
    public void An_order_is_seen(string usings, bool ordered) => Assert.Equal(ordered, AreOrdered(usings));

    private static bool AreOrdered(string text)
    {
        var names = UsingPattern().Matches(text).Select(match => match.Groups["name"].Value).ToList();
        return names.SequenceEqual(names.OrderBy(static name => !SystemPattern().IsMatch(name)).ThenBy(static name => name, StringComparer.OrdinalIgnoreCase));
    }

    private static string[] NeedsOf(SourceFile project) =>
        [.. NeedsPattern().Matches(project.Text).SelectMany(match => match.Groups["needs"].Value.Split(';', StringSplitOptions.RemoveEmptyEntries))];

    private static HashSet<string> Filter(string name)
    {
        using var filter = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, name)));
        return [.. filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(static project => project.GetString()!.Replace('\\', '/'))];
    }

    [GeneratedRegex("<TestNeeds Include=\"(?<needs>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex NeedsPattern();

    [GeneratedRegex(@"^\uFEFF?using (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex UsingPattern();

    [GeneratedRegex(@"^System(\.|$)")]
    private static partial Regex SystemPattern();
}
