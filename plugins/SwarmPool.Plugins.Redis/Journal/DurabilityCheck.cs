using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>
/// Sees that the server keeps what it acknowledges: when a lease is taken, and again when the connection was made anew, since another
/// server may be behind it then.
/// </summary>
internal sealed class DurabilityCheck(ServerConnection connection, PoolKeys keys, string location, RedisDurability wanted, bool vouched, ILogger logger)
{
    private static readonly string[] Settings = ["appendonly", "appendfsync", "no-appendfsync-on-rewrite", "maxmemory-policy"];

    private int checkedGeneration = -1;

    /// <exception cref="JournalException">The server promises less than is wanted, or does not let us ask.</exception>
    public async ValueTask EnsureAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref checkedGeneration) == connection.Generation)
        {
            return;
        }

        // What happens while it is being asked is seen at the next call.
        await JournalErrors.NamedAsync(location, "connecting", () => connection.CallAsync(static (database, _) => database.PingAsync(CommandFlags.DemandMaster), cancellationToken));
        var generation = connection.Generation;
        if (!vouched)
        {
            await CheckAsync(cancellationToken);
        }

        Volatile.Write(ref checkedGeneration, generation);
    }

    /// <summary>What is wrong with a server's settings; nothing when they do.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyDictionary<string, string> settings, RedisDurability wanted)
    {
        string Of(string key) => settings.GetValueOrDefault(key, "");
        var sync = wanted == RedisDurability.Everysec ? ["always", "everysec"] : new[] { "always" };
        return
        [
            .. Of("appendonly") == "yes" ? Array.Empty<string>() : [$"'appendonly' is '{Of("appendonly")}', set it to 'yes'"],
            .. sync.Contains(Of("appendfsync"), StringComparer.Ordinal) ? Array.Empty<string>() : [$"'appendfsync' is '{Of("appendfsync")}', set it to '{sync[^1]}'"],
            .. wanted == RedisDurability.Always && Of("no-appendfsync-on-rewrite") == "yes" ? ["'no-appendfsync-on-rewrite' is 'yes', set it to 'no'"] : Array.Empty<string>(),
            .. Of("maxmemory-policy").StartsWith("allkeys-", StringComparison.Ordinal) ? [$"'maxmemory-policy' is '{Of("maxmemory-policy")}' and may evict records, set it to 'noeviction'"] : Array.Empty<string>(),
        ];
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, string> settings;
        try
        {
            settings = await connection.CallPrimaryAsync(keys.Head, ReadAsync, cancellationToken);
        }
        catch (Exception e) when (ServerFault.Is(e) && e is not ObjectDisposedException)
        {
            var serverFault = ServerFault.Of(e);
            if (wanted == RedisDurability.None && serverFault.Kind == ServerFaultKind.NotAllowed)
            {
                return;
            }

            throw serverFault.Kind == ServerFaultKind.NotAllowed
                ? new JournalException(
                    JournalFault.NotDurable,
                    $"Whether the server of the journal {location} keeps what it acknowledges is unknown: {serverFault.Reason}. Allow its user '+config|get', or set 'vouch' to true once you have checked it yourself.",
                    ServerFault.Cause(e))
                : new JournalException(JournalFault.Unavailable, $"The journal {location} failed while asking for the server's settings: {serverFault.Reason}; {serverFault.Fix}.", ServerFault.Cause(e));
        }

        var problems = Problems(settings, wanted);
        if (problems.Count == 0)
        {
            return;
        }

        var all = string.Join("; ", problems);
        if (wanted == RedisDurability.None)
        {
            RedisLog.NotDurable(logger, location, all);
            return;
        }

        throw new JournalException(
            JournalFault.NotDurable,
            $"The server of the journal {location} may lose what it acknowledged: {all}. Fix that in redis.conf or by CONFIG SET, or say with 'durability' what may be lost.");
    }

    private static async Task<Dictionary<string, string>> ReadAsync(IServer server)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in Settings)
        {
            foreach (var (key, value) in await server.ConfigGetAsync(setting))
            {
                all[key] = value;
            }
        }

        return all;
    }
}
