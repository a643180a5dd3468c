using System.Reflection;
using NetArchTest.Rules;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Architecture.Tests;

/// <summary>Who may know whom, judged on the compiled assemblies.</summary>
public sealed class NamespaceTests
{
    private const string Root = "SwarmPool.Runtime.";

    private static readonly string[] Composition = ["Hosting", "Plugins"];
    private static readonly string[] Roles = ["Daemon", "Miner", "Client"];

    private static readonly Assembly Runtime = typeof(ErrorCodes).Assembly;

    /// <summary>What each folder of the runtime must not know. One that is not listed must know neither the composition nor a role.</summary>
    private static readonly Dictionary<string, string[]> Forbidden = new(StringComparer.Ordinal)
    {
        ["Errors"] = [.. Composition, .. Roles, "Pool"],
        ["Snapshots"] = [.. Composition, .. Roles, "Pool"],
        ["Content"] = [.. Composition, .. Roles, "Pool"],
        ["Settlement"] = [.. Composition, .. Roles],
        ["Pool"] = [.. Composition, .. Roles],
        ["Daemon"] = [.. Composition, "Miner", "Client"],
        ["Miner"] = [.. Composition, "Daemon", "Client"],
        ["Client"] = [.. Composition, "Daemon", "Miner"],
        ["Plugins"] = ["Hosting", .. Roles, "Pool"],
        ["Hosting"] = [],
    };

    public static TheoryData<string> Folders() =>
        [.. Runtime.GetTypes()
            .Select(type => type.Namespace ?? "")
            .Where(name => name.StartsWith(Root, StringComparison.Ordinal))
            .Select(name => name[Root.Length..].Split('.')[0])
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_knows_only_what_it_may(string folder)
    {
        var forbidden = Forbidden.GetValueOrDefault(folder, [.. Composition, .. Roles]);

        Assert.Empty(Breaking(folder, forbidden));
    }

    [Fact]
    public void A_dependency_that_is_there_would_be_seen() => Assert.NotEmpty(Breaking("Hosting", ["Plugins"]));

    [Fact]
    public void The_contracts_know_nothing_of_the_runtime() =>
        Assert.DoesNotContain(
            typeof(ISwarmPoolPlugin).Assembly.GetReferencedAssemblies(),
            reference => reference.Name!.StartsWith("SwarmPool", StringComparison.Ordinal));

    private static IEnumerable<string> Breaking(string folder, string[] forbidden)
    {
        if (forbidden.Length == 0)
        {
            return [];
        }

        var result = Types.InAssembly(Runtime)
            .That().ResideInNamespaceMatching($"^{Root.Replace(".", "\\.", StringComparison.Ordinal)}{folder}(\\.|$)")
            .ShouldNot().HaveDependencyOnAny([.. forbidden.Select(name => Root + name)])
            .GetResult();
        return result.FailingTypeNames ?? [];
    }
}
