using System.Reflection;
using System.Runtime.Loader;
using SwarmPool.Plugins;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>Everything that a plugin of an older version could refer to is there today.</summary>
public sealed class OlderContractsTests
{
    [Fact]
    public void Every_symbol_of_the_older_contracts_is_in_todays()
    {
        var older = Symbols(new AssemblyLoadContext("older").LoadFromAssemblyPath(Older()));

        Assert.True(older.Count > 100, "The older contracts were not read.");
        Assert.Empty(older.Except(Symbols(typeof(ISwarmPoolPlugin).Assembly), StringComparer.Ordinal));
    }

    [Fact]
    public void No_interface_that_plugins_implement_asks_for_more_than_it_did()
    {
        var today = typeof(ISwarmPoolPlugin).Assembly;
        var asked = new AssemblyLoadContext("older").LoadFromAssemblyPath(Older()).GetExportedTypes().Where(type => type.IsInterface)
            .SelectMany(type => Abstract(today.GetType(type.FullName!)!).Except(Abstract(type), StringComparer.Ordinal));

        Assert.Empty(asked);
    }

    private static string Older()
    {
        // The tests run in artifacts/bin/(project)/(configuration); the contracts were built beside them.
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(own.Parent!.Parent!.FullName, "TestContracts.Older", own.Name, "SwarmPool.Abstractions.dll");
    }

    private static List<string> Symbols(Assembly assembly) =>
        [.. assembly.GetExportedTypes().SelectMany(type => type.GetMembers().Select(member => $"{type.FullName}: {member}").Append($"{type.FullName}"))];

    private static IEnumerable<string> Abstract(Type contract) => contract.GetMethods().Where(method => method.IsAbstract).Select(method => $"{contract.FullName}: {method}");
}
