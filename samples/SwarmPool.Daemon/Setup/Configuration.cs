using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmPool.Identity;

namespace SwarmPool.Programs.Daemon.Setup;

/// <summary>What carries a first pool's messages and contents.</summary>
internal enum PoolTransport
{
    /// <summary>The daemon's own broker, and a folder.</summary>
    Embedded = 0,

    /// <summary>IPFS nodes.</summary>
    Ipfs,

    /// <summary>A Redis server that all parties reach; it holds the journal too.</summary>
    Redis,
}

/// <summary>The texts of a first pool's files.</summary>
internal static class Configuration
{
    /// <summary>The daemon's lock file. It alone has one here: miners and clients bring plugins of their own installations.</summary>
    public const string LockFile = "plugins.lock.json";

    private const string Embedded = "SwarmPool.Plugins.Embedded";
    private const string Ipfs = "SwarmPool.Plugins.Ipfs";
    private const string Redis = "SwarmPool.Plugins.Redis";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Daemon(EnsName pool, KeyPlace key, PoolTransport transport)
    {
        var file = new JsonObject { ["pool_ens"] = pool.Text };
        AddKey(file, key, "operator_");
        file["epoch_duration_seconds"] = 3600;
        file["claim_timeout_seconds"] = 300;
        file["checks"] = new JsonObject { ["on"] = true, ["least_ppm"] = 50_000, ["hold_epochs"] = 2, ["fee_ppm"] = 100_000 };
        file["plugins"] = Plugins(LockFile, [.. Carrying(transport, RedisUsers.DaemonFile, isDaemon: true), ("SwarmPool.Plugins.Settlement7525", [])]);
        return Text(file);
    }

    public static string Miner(EnsName pool, PoolTransport transport) => Text(new JsonObject
    {
        ["pool_ens"] = pool.Text,
        ["mode"] = "SOLO",
        ["plugins"] = Plugins(null, [.. Carrying(transport, RedisUsers.MinersFile, isDaemon: false), ("SwarmPool.Plugins.Onnx", new JsonObject { ["models"] = "models" })]),
    });

    public static string Client(EnsName pool, EnsName client, KeyPlace key, PoolTransport transport)
    {
        var file = new JsonObject { ["client_ens"] = client.Text, ["pool_ens"] = pool.Text };
        AddKey(file, key, "client_");
        file["plugins"] = Plugins(null, [.. Carrying(transport, RedisUsers.ClientsFile, isDaemon: false)]);
        return Text(file);
    }

    public static string Names(IReadOnlyDictionary<EnsName, EthAddress> accounts)
    {
        var names = new JsonObject();
        foreach (var (name, account) in accounts)
        {
            names[name.Text] = new JsonObject { ["accounts"] = new JsonArray(account.ToString()) };
        }

        return Text(new JsonObject { ["network"] = "local", ["names"] = names });
    }

    public static string Job(string picture) => Text(new JsonObject
    {
        ["job_type"] = "image-classification",
        ["model"] = "digits-16",
        ["input"] = picture,
        ["payment"] = new JsonObject { ["amount"] = "0.10" },
    });

    private static void AddKey(JsonObject file, KeyPlace key, string prefix)
    {
        if (key.KeyFile is not null)
        {
            file[prefix + "key_file"] = key.KeyFile;
            return;
        }

        file[prefix + "keystore"] = key.Keystore;
        file[prefix + "password_file"] = key.PasswordFile;
    }

    // The plugins that fill transport, identity and, for a daemon, the journal.
    private static IEnumerable<(string Name, JsonObject Section)> Carrying(PoolTransport transport, string redis, bool isDaemon)
    {
        if (transport == PoolTransport.Embedded)
        {
            return [(Embedded, isDaemon ? new JsonObject { ["broker"] = true } : [])];
        }

        if (transport == PoolTransport.Redis)
        {
            var server = new JsonObject { ["configuration_file"] = redis };
            if (!isDaemon)
            {
                server["slots"] = new JsonArray("transport");
            }

            return [(Embedded, new JsonObject { ["slots"] = new JsonArray("identity") }), (Redis, server)];
        }

        // Others name the pool's node among their peers, so that theirs is connected to it; on one node for all there is none to name.
        var node = new JsonObject { ["api"] = "http://127.0.0.1:5001" };
        if (!isDaemon)
        {
            node["peers"] = new JsonArray();
        }

        return [(Embedded, new JsonObject { ["slots"] = isDaemon ? ["identity", "journal"] : new JsonArray("identity") }), (Ipfs, node)];
    }

    private static JsonObject Plugins(string? lockFile, IReadOnlyList<(string Name, JsonObject Section)> plugins)
    {
        var use = new JsonObject();
        foreach (var (name, section) in plugins)
        {
            use[name] = section;
        }

        return lockFile is null ? new JsonObject { ["use"] = use } : new JsonObject { ["lock"] = lockFile, ["use"] = use };
    }

    private static string Text(JsonObject file) => file.ToJsonString(Indented) + "\n";
}
