using System.Text.Json;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;

namespace SwarmPool.Programs.Tests;

public sealed class InitTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task What_it_makes_is_a_pool_a_miner_and_a_client_that_build()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("init"));

        await BuildsAsync(world, "swarmpool.json", builder => builder.AddDaemon());
        await BuildsAsync(world, "swarm-miner.json", builder => builder.AddMiner(options => (options.MinerEns, options.Signer.KeyFile) = ("miner.alice.eth", "keys/miner.alice.eth.key")));
        await BuildsAsync(world, "swarm-client.json", builder => builder.AddClient());
        Assert.True(File.Exists(world.PathOf("models/digits/digits.onnx")));
        Assert.Contains("swarm-miner mine --ens miner.bob.eth --key-file keys/miner.bob.eth.key", world.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_IPFS_it_builds_from_plugin_folders_whose_options_are_checked()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("init", "--transport", "ipfs"));
        await BuildsAsync(world, "swarmpool.json", builder => builder.AddDaemon());
        await BuildsAsync(world, "swarm-miner.json", builder => builder.AddMiner(options => (options.MinerEns, options.Signer.KeyFile) = ("miner.alice.eth", "keys/miner.alice.eth.key")));
        await BuildsAsync(world, "swarm-client.json", builder => builder.AddClient());

        // A plugin with options types of its own copy would be asked nothing.
        world.Write("swarmpool.json", File.ReadAllText(world.PathOf("swarmpool.json")).Replace("\"api\":", "\"fetch_seconds\": 0, \"gateway\": 1, \"api\":", StringComparison.Ordinal));
        var wrong = await Assert.ThrowsAnyAsync<Exception>(() => BuildsAsync(world, "swarmpool.json", builder => builder.AddDaemon()));
        var all = StartupErrors.Describe(wrong).Select(error => error.ToString());
        Assert.Contains(all, error => error!.Contains("fetch_seconds: 0", StringComparison.Ordinal));
        Assert.Contains(all, error => error!.Contains("gateway: no such option", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Over_Redis_it_builds_from_plugin_folders_whose_options_are_checked()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("init", "--transport", "redis"));
        await BuildsAsync(world, "swarmpool.json", builder => builder.AddDaemon());
        await BuildsAsync(world, "swarm-miner.json", builder => builder.AddMiner(options => (options.MinerEns, options.Signer.KeyFile) = ("miner.alice.eth", "keys/miner.alice.eth.key")));
        await BuildsAsync(world, "swarm-client.json", builder => builder.AddClient());
        world.Write("swarmpool.json", File.ReadAllText(world.PathOf("swarmpool.json")).Replace("\"configuration_file\":", "\"timeout_seconds\": 0, \"host\": 1, \"configuration_file\":", StringComparison.Ordinal));
        var wrong = await Assert.ThrowsAnyAsync<Exception>(() => BuildsAsync(world, "swarmpool.json", builder => builder.AddDaemon()));
        var all = StartupErrors.Describe(wrong).Select(error => error.ToString());
        Assert.Contains(all, error => error!.Contains("timeout_seconds: 0", StringComparison.Ordinal));
        Assert.Contains(all, error => error!.Contains("host: no such option", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Over_Redis_each_party_has_a_user_and_the_daemon_alone_the_journal()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("init", "--transport", "redis", "--redis", "redis.example:6380"));
        var acl = File.ReadAllLines(world.PathOf("redis.acl"));
        Assert.Equal(["user default off", "user swarmpool-daemon on", "user swarmpool-miners on", "user swarmpool-clients on"], acl.Select(line => string.Join(' ', line.Split(' ')[..3])));
        Assert.Single(acl, line => line.Contains("~{swarmpool.eth}:* ", StringComparison.Ordinal));
        foreach (var (role, file) in new[] { ("daemon", "swarmpool.json"), ("miners", "swarm-miner.json"), ("clients", "swarm-client.json") })
        {
            Assert.Contains($"\"configuration_file\": \"keys/redis-{role}.secret\"", File.ReadAllText(world.PathOf(file)), StringComparison.Ordinal);
            var secret = File.ReadAllText(world.PathOf($"keys/redis-{role}.secret"));
            Assert.StartsWith($"redis.example:6380,user=swarmpool-{role},password=", secret, StringComparison.Ordinal);
            Assert.DoesNotContain(secret.Split('=')[^1].TrimEnd(), string.Concat(acl), StringComparison.Ordinal);
        }

        Assert.Contains("redis-server --appendonly yes --appendfsync always --aclfile redis.acl", world.Screen, StringComparison.Ordinal);

        // Made again, the passwords stay: the server has their hashes.
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("init", "--transport", "redis", "--force"));
        Assert.Equal(acl, File.ReadAllLines(world.PathOf("redis.acl")));
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("init", "other", "--redis", "a,ssl=true"));
        Assert.Contains("--redis: 'a,ssl=true' is not a server's address", world.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("init", "other", "--redis", "redis://:s3cr3tValue@a"));
        Assert.Contains("--redis: 'redis://…@a' is not a server's address", world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3tValue", world.Error + world.Screen + world.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_it_makes_is_for_its_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has access lists in place of modes.");
            return;
        }

        using var world = new World();
        await world.SwarmPoolAsync("init", "made/here", "--transport", "redis");
        var files = Directory.GetFiles(world.PathOf("made"), "*", SearchOption.AllDirectories);
        Assert.True(files.Length > 12);
        foreach (var file in files)
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        }

        foreach (var made in Directory.GetDirectories(world.PathOf("made"), "*", SearchOption.AllDirectories))
        {
            Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(made));
        }
    }

    [Fact]
    public async Task Keys_are_for_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has access lists in place of modes.");
            return;
        }

        using var world = new World();
        await world.SwarmPoolAsync("init");
        var keys = Directory.GetFiles(world.PathOf("keys"));
        Assert.Equal(4, keys.Length);
        foreach (var key in keys)
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(key));
        }
    }

    [Fact]
    public async Task It_writes_over_nothing_unless_forced_and_never_over_keys()
    {
        using var world = new World();
        await world.SwarmPoolAsync("init", "--miners", "miner.alice.eth");
        var key = File.ReadAllText(world.PathOf("keys/swarmpool.eth.key"));
        world.Write("swarmpool.json", "{}");

        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("init"));
        Assert.Contains("--force", world.Error, StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(world.PathOf("swarmpool.json")));

        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("init", "--force"));
        Assert.NotEqual("{}", File.ReadAllText(world.PathOf("swarmpool.json")));
        Assert.Equal(key, File.ReadAllText(world.PathOf("keys/swarmpool.eth.key")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Forced_it_keeps_keys_in_the_form_they_have(bool keystore)
    {
        using var world = new World();
        string[] form = keystore ? ["--keystore"] : [];
        string[] other = keystore ? [] : ["--keystore"];
        await world.SwarmPoolAsync(["init", "--miners", "miner.alice.eth", .. form]);
        var names = File.ReadAllText(world.PathOf("names.json"));
        var files = Directory.GetFiles(world.PathOf("keys")).Order();

        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync(["init", "--miners", "miner.alice.eth", "--force", .. other]));
        Assert.Equal(names, File.ReadAllText(world.PathOf("names.json")));
        Assert.Equal(files, Directory.GetFiles(world.PathOf("keys")).Order());
        await BuildsAsync(world, "swarmpool.json", builder => builder.AddDaemon());
    }

    [Fact]
    public async Task As_JSON_it_says_what_it_made()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("init", "--json"));
        using var made = JsonDocument.Parse(world.Out);
        Assert.Equal(4, made.RootElement.GetProperty("accounts").EnumerateObject().Count());
        Assert.StartsWith("0x", made.RootElement.GetProperty("accounts").GetProperty("swarmpool.eth").GetString(), StringComparison.Ordinal);
        Assert.All(made.RootElement.GetProperty("files").EnumerateArray(), file => Assert.True(Path.Exists(world.PathOf(file.GetString()!))));
    }

    [Fact]
    public async Task A_key_that_no_program_reads_is_told_of()
    {
        using var world = new World(width: 1000);
        await world.SwarmPoolAsync("init");
        await world.SwarmPoolAsync("status");
        Assert.DoesNotContain("no program reads", world.Error, StringComparison.Ordinal);

        world.Write("swarmpool.json", File.ReadAllText(world.PathOf("swarmpool.json")).Replace("epoch_duration_seconds", "epoch_duration_secs", StringComparison.Ordinal));
        await world.SwarmPoolAsync("status");
        Assert.Contains("'epoch_duration_secs', which no program reads", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keystores_are_encrypted_and_can_be_used()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("init", "--keystore", "--miners", "miner.alice.eth"));
        Assert.Contains("aes-128-ctr", File.ReadAllText(world.PathOf("keys/swarmpool.eth.keystore.json")), StringComparison.Ordinal);
        await BuildsAsync(world, "swarmpool.json", builder => builder.AddDaemon());
        Assert.Contains("--keystore keys/miner.alice.eth.keystore.json --password-file keys/password", world.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_names_are_told_all_at_once_and_nothing_is_made()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("init", "--pool", "Pool", "--miners", "ok.eth,BAD.eth", "--client", "x"));
        Assert.Equal(3, world.Error.Split("✗ SP1001").Length - 1);
        Assert.Empty(Directory.GetFileSystemEntries(world.Folder));
    }

    [Fact]
    public async Task One_name_for_two_parties_is_refused()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("init", "--miners", "a.eth,a.eth"));
        Assert.Contains("a.eth stands for two parties", world.Error, StringComparison.Ordinal);
    }

    private static async Task BuildsAsync(World world, string file, Action<SwarmPoolBuilder> role)
    {
        var builder = SwarmPoolBuilder.CreateFromFile(world.PathOf(file), environmentPrefix: null);
        builder.UsePlugins();
        role(builder);
        var host = builder.Build();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
