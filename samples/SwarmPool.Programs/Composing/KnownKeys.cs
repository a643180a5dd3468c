using System.Reflection;
using Microsoft.Extensions.Configuration;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Programs.Composing;

/// <summary>The top-level keys that one of the programs reads. A misspelt limit is no limit, so others are told of.</summary>
internal static class KnownKeys
{
    private static readonly HashSet<string> Known = ((string[])
        [
            .. NamesOf(typeof(DaemonOptions)), .. NamesOf(typeof(MinerOptions)), .. NamesOf(typeof(ClientOptions)), .. NamesOf(typeof(ModelFolderOptions)), "plugins",
            .. NamesOf(typeof(SignerOptions)).SelectMany(static key => (string[])[$"operator_{key}", $"miner_{key}", $"client_{key}"]),
        ])
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Warns of each key in the file that nobody reads. A warning only: one file may serve more than these programs.</summary>
    public static void WarnOfOthers(ProgramContext context, string path)
    {
        foreach (var key in new ConfigurationBuilder().AddJsonFile(path).Build().GetChildren().Select(static child => child.Key).Where(key => !Known.Contains(key)))
        {
            context.Error.Line($"! {ErrorCodes.ConfigurationInvalid}: {path} says '{key}', which no program reads: fix its name, or take it out.{NearestName.Hint(key, Known)}", Tone.Warn, hang: 2);
        }
    }

    private static IEnumerable<string> NamesOf(Type options) =>
        options.GetProperties().Select(static property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name).OfType<string>();
}
