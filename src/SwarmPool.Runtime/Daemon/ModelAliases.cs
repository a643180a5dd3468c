using Microsoft.Extensions.Configuration;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon;

/// <summary>What the daemon's configuration binds models to.</summary>
internal static class ModelAliases
{
    private const int Most = 64;
    private const int Longest = 64;

    /// <summary>The aliases of a section; null when it has none. A name with ':' in it is a path to the configuration, and a list, whose keys are numbers, is a miner's.</summary>
    public static Dictionary<string, string>? Read(IConfigurationSection section)
    {
        var said = section.AsEnumerable(makePathsRelative: true)
            .Where(static pair => pair.Key.Length > 0 && pair.Value is not null && !pair.Key.All(char.IsAsciiDigit))
            .ToDictionary(static pair => pair.Key, static pair => pair.Value!, StringComparer.Ordinal);
        return said.Count > 0 ? said : section.GetChildren().Any() ? [] : null;
    }

    /// <summary>Notes all that is wrong with them.</summary>
    public static void Check(List<string> problems, IDictionary<string, string> models)
    {
        if (models.Count > Most)
        {
            problems.Add($"models: {models.Count} are named; a pool takes at most {Most}, or any when it names none");
        }

        foreach (var (alias, cid) in models)
        {
            if (alias.Length > Longest || Field.Model("", alias) is not null || Cid.TryParse(alias, out _))
            {
                problems.Add($"models: '{alias}' can't be an alias: it has 1 to {Longest} characters of a-z, A-Z, 0-9, '-', '_', '.', '/', ':', and is no CID");
            }

            if (!Cid.TryParse(cid, out _))
            {
                problems.Add($"models: '{alias}' is bound to '{cid}', which is no pack's CID, as 'swarm-miner models add' prints it");
            }
        }
    }

    /// <summary>For the rules, in the order of the aliases; null when none is bound.</summary>
    public static IReadOnlyList<PoolModel>? Of(IDictionary<string, string> models) => models.Count == 0
        ? null
        : [.. models.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new PoolModel(pair.Key, Cid.Parse(pair.Value)))];
}
