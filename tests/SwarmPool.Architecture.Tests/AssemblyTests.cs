using System.Reflection;
using SwarmPool.Core.Settlement;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Architecture.Tests;

/// <summary>What each library brings along, judged on the compiled assemblies.</summary>
public sealed class AssemblyTests
{
    [Fact]
    public void The_contracts_know_no_other_library() => Assert.Empty(Own(typeof(ISwarmPoolPlugin).Assembly));

    [Fact]
    public void The_protocol_knows_the_contracts_alone() => Assert.Equal(["SwarmPool.Abstractions"], Own(typeof(ErrorCodes).Assembly));

    [Fact]
    public void The_core_knows_the_protocol_and_the_contracts_alone() =>
        Assert.Equal(["SwarmPool.Abstractions", "SwarmPool.Protocol"], Own(typeof(SettlementCheck).Assembly));

    /// <summary>Whoever checks a signature or an epoch must not bring a plugin loader or a host into its process.</summary>
    [Fact]
    public void Neither_the_protocol_nor_the_core_brings_a_plugin_loader_or_a_host()
    {
        var closure = Closure(typeof(SettlementCheck).Assembly).Order(StringComparer.Ordinal).ToList();

        Assert.Contains("SwarmPool.Protocol", closure);
        Assert.DoesNotContain(closure, name => name.StartsWith("McMaster", StringComparison.Ordinal) || name is "Microsoft.Extensions.Hosting" or "SwarmPool.Runtime");
    }

    private static IEnumerable<string> Own(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(static reference => reference.Name!).Where(static name => name.StartsWith("SwarmPool", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static HashSet<string> Closure(Assembly assembly)
    {
        var (closure, open) = (new HashSet<string>(StringComparer.Ordinal), new Stack<Assembly>([assembly]));
        while (open.TryPop(out var next))
        {
            foreach (var reference in next.GetReferencedAssemblies().Where(reference => closure.Add(reference.Name!)))
            {
                open.Push(Assembly.Load(reference));
            }
        }

        return closure;
    }
}
