using SwarmPool.Files;
using SwarmPool.Identity;
using SwarmPool.Plugins;
using SwarmPool.Programs.Composing;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Plugins.Trust;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Programs.Daemon.Setup;

/// <summary>
/// A first pool on one machine: configuration for its daemon, miners and client, a key for each, their names, a model, and
/// a job to try it with.
/// </summary>
internal sealed class FirstPool
{
    private const string DaemonFile = "swarmpool.json";
    private const string MinerFile = "swarm-miner.json";
    private const string ClientFile = "swarm-client.json";
    private const string NamesFile = "names.json";
    private const string JobFile = "job.json";
    private const string PictureFile = "seven.png";
    /// <summary>The Redis server that a first pool is made for, unless another is named.</summary>
    public const string DefaultRedis = "127.0.0.1:6379";

    private const string ModelFolder = "models/digits";

    private readonly IReadOnlyList<EnsName> miners;
    private readonly EnsName client;
    private readonly KeyFolder keys;
    private readonly PoolTransport transport;
    private readonly RedisUsers users;
    private readonly SortedDictionary<EnsName, EthAddress> accounts = [];

    private FirstPool(string folder, EnsName pool, IReadOnlyList<EnsName> miners, EnsName client, bool keystore, PoolTransport transport, string redis)
    {
        this.transport = transport;
        users = new RedisUsers(folder, redis, pool);
        Folder = folder;
        Pool = pool;
        this.miners = miners;
        this.client = client;
        keys = new KeyFolder(folder, keystore);
    }

    public string Folder { get; }

    public EnsName Pool { get; }

    /// <summary>Who has which account; known once made.</summary>
    public IReadOnlyDictionary<EnsName, EthAddress> Accounts => accounts;

    /// <exception cref="SwarmPoolException">SP1001: names that are not valid, or one for two parties; all of them at once.</exception>
    public static FirstPool Plan(string folder, string pool, string miners, string client, bool keystore, PoolTransport transport, string redis = DefaultRedis)
    {
        var problems = new List<Exception>();
        EnsName Name(string option, string text)
        {
            if (!EnsName.TryParse(text.Trim(), out var name, out var reason))
            {
                problems.Add(new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"{option}: {reason}.{NameHints.Of(text.Trim())}"));
            }

            return name;
        }

        var plan = new FirstPool(
            folder, Name("--pool", pool), [.. miners.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one => Name("--miners", one))], Name("--client", client), keystore, transport, redis);
        if (redis.Length == 0 || redis.Any(static c => c is ',' or '=' or '/' or '@' or '?' || char.IsWhiteSpace(c)))
        {
            problems.Add(new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"--redis: '{Redactor.Forms.Clean(redis)}' is not a server's address, like {DefaultRedis}: users and their passwords are made for it."));
        }

        if (problems.Count == 0 && plan.Everybody.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            problems.Add(new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"{twice.Key} stands for two parties: give each its own name."));
        }

        return problems.Count == 0 ? plan : throw new AggregateException(problems);
    }

    /// <summary>Makes everything.</summary>
    /// <param name="force">Write over configuration that is there; keys stay even then.</param>
    /// <returns>The files, relative to the folder.</returns>
    /// <exception cref="SwarmPoolException">SP1001: files are there already; nothing was made.</exception>
    public IReadOnlyList<string> Make(bool force)
    {
        var isRedis = transport == PoolTransport.Redis;
        string[] mine = [DaemonFile, Configuration.LockFile, MinerFile, ClientFile, NamesFile, JobFile, PictureFile, .. isRedis ? new[] { RedisUsers.AclFile } : []];
        var there = mine.Where(file => File.Exists(Path.Combine(Folder, file))).ToList();
        if (there.Count > 0 && !force)
        {
            throw new SwarmPoolException(
                ErrorCodes.ConfigurationInvalid,
                $"{Folder} has {string.Join(", ", there)} already. Choose another folder, or write over them by --force (keys that are there stay).");
        }

        OwnFile.CreateFolder(Folder);
        foreach (var name in Everybody)
        {
            accounts[name] = keys.AccountOf(name);
        }

        Write(DaemonFile, Configuration.Daemon(Pool, keys.Of(Pool), transport));
        Write(MinerFile, Configuration.Miner(Pool, transport));
        Write(ClientFile, Configuration.Client(Pool, client, keys.Of(client), transport));
        Write(NamesFile, Configuration.Names(accounts));
        Write(JobFile, Configuration.Job(PictureFile));
        LockPlugins();
        OwnFile.Write(Path.Combine(Folder, PictureFile), DigitPictures.Png(digit: 7, seed: 1));
        CopyModel();
        return [.. mine.Except([RedisUsers.AclFile]), .. keys.Files, .. isRedis ? users.Make() : [], ModelFolder];
    }

    /// <summary>What to type next, from a folder.</summary>
    public IEnumerable<string> NextCommands(string from)
    {
        if (Path.GetRelativePath(from, Folder) is not "." and var way)
        {
            yield return $"cd {(way.Contains(' ', StringComparison.Ordinal) ? $"'{way}'" : way)}";
        }

        if (transport == PoolTransport.Redis)
        {
            yield return $"redis-server --appendonly yes --appendfsync always --aclfile {RedisUsers.AclFile}";
        }

        yield return "swarmpool run";
        foreach (var miner in miners)
        {
            yield return $"swarm-miner mine --ens {miner} {keys.Of(miner).Arguments}";
        }

        yield return $"swarm-client submit {JobFile}";
    }

    private IEnumerable<EnsName> Everybody => [Pool, .. miners, client];

    private void Write(string file, string text) => OwnFile.Write(Path.Combine(Folder, file), text);

    /// <summary>The plugins that the daemon begins with are those of this installation, as they are now, and no others.</summary>
    private void LockPlugins()
    {
        var daemon = SwarmPoolBuilder.CreateFromFile(Path.Combine(Folder, DaemonFile), environmentPrefix: null, [new("plugins:lock", null)]);
        var used = PluginInventory.Read(daemon.Configuration, daemon.BaseDirectory);
        if (used.Problems.Count > 0)
        {
            throw new AggregateException(used.Problems.Select(problem => new SwarmPoolException(problem.Code, problem.Reason)));
        }

        used.Plugins.Where(plugin => plugin.IsUsed)
            .Aggregate(PluginLock.Empty(strict: true), (file, plugin) => file.With(LockedPlugin.Of(plugin.Name, plugin.Folder)))
            .Write(Path.Combine(Folder, Configuration.LockFile));
    }

    private void CopyModel()
    {
        var from = Path.Combine(AppContext.BaseDirectory, ModelFolder);
        var to = Path.Combine(Folder, ModelFolder);
        if (!Directory.Exists(from))
        {
            throw new SwarmPoolException(ErrorCodes.ConfigurationMissing, $"The example model is not at {from}: this installation is not complete. Install swarmpool again.");
        }

        OwnFile.CreateFolder(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            OwnFile.Write(Path.Combine(to, Path.GetFileName(file)), File.ReadAllBytes(file));
        }
    }
}
