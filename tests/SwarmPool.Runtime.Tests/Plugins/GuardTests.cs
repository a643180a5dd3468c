using System.Reflection;
using SwarmPool.Runtime.Containment;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>The guards that stand before the slots.</summary>
public sealed class GuardTests
{
    /// <summary>A member with a default would, where a guard leaves it out, answer by the default and never reach the plugin.</summary>
    [Fact]
    public void EveryMemberOfAContractReachesWhatFillsTheSlot()
    {
        var guards = typeof(GuardedSlot).Assembly.GetTypes().Where(type => type is { Namespace: "SwarmPool.Runtime.Containment", IsClass: true, IsAbstract: false }).ToList();
        var contracts = guards.SelectMany(guard => guard.GetInterfaces()
            .Where(one => one.Assembly == typeof(SwarmPool.Plugins.ISwarmPoolPlugin).Assembly).Select(contract => (guard, contract))).ToList();
        Assert.True(contracts.Count >= 6);
        Assert.Empty(contracts.SelectMany(one => Passed(one.guard, one.contract)));
    }

    private static IEnumerable<string> Passed(Type guard, Type contract)
    {
        var map = guard.GetInterfaceMap(contract);
        return map.InterfaceMethods.Zip(map.TargetMethods)
            .Where(pair => !pair.First.IsStatic && (pair.Second is null || pair.Second.DeclaringType!.GetTypeInfo().IsInterface))
            .Select(pair => $"{guard.Name} leaves out {contract.Name}.{pair.First.Name}");
    }
}
