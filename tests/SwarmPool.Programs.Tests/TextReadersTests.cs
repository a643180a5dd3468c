using System.Text;
using SwarmPool.Files;
using SwarmPool.Programs.Auditing;
using SwarmPool.Programs.Client.Jobs;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Programs.Tests;

/// <summary>
/// Every file that a person, an editor or another program writes, in an encoding or with characters that no text has: each reader says so by
/// its one code, and never takes it for a fault of its own or of a plugin. What only a plugin reads is walked through in its own tests.
/// </summary>
public sealed class TextReadersTests
{
    /// <summary>A reader: its file in a pool's folder, its code, and how it is read.</summary>
    private static readonly (string File, string Code, bool IsJson, Func<World, Task> Read)[] Readers =
    [
        ("swarmpool.json", ErrorCodes.ConfigurationInvalid, true, world => Ran(world.SwarmPoolAsync("run"))),
        ("swarmpool.json", ErrorCodes.ConfigurationInvalid, true, world => Now(() => SwarmPoolBuilder.CreateFromFile(world.PathOf("swarmpool.json")))),
        ("swarm-client.json", ErrorCodes.ConfigurationInvalid, true, world => Ran(world.ClientAsync("status"))),
        ("names.json", ErrorCodes.ConfigurationInvalid, true, world => Ran(world.SwarmPoolAsync("run"))),
        ("plugins.lock.json", ErrorCodes.PluginLockInvalid, true, world => Ran(world.SwarmPoolAsync("run"))),
        ("plugins.lock.json", ErrorCodes.PluginLockInvalid, true, world => Now(() => PluginLock.Read(world.PathOf("plugins.lock.json")))),
        ("job.json", ErrorCodes.ConfigurationInvalid, true, world => Now(() => JobFile.Read(world.PathOf("job.json")))),
        ("keys/miner.alice.eth.key", ErrorCodes.KeyInvalid, false, world => Now(() => Key(world, new SignerOptions { KeyFile = world.PathOf("keys/miner.alice.eth.key") }))),
        ("keys/x.keystore.json", ErrorCodes.KeyInvalid, true, world => Now(() => Key(world, new SignerOptions { Keystore = world.PathOf("keys/x.keystore.json"), Password = "a password" }))),
        ("keys/password", ErrorCodes.KeystorePassword, false, world => Now(() => Key(world, new SignerOptions { Keystore = world.PathOf("keys/x.keystore.json"), PasswordFile = world.PathOf("keys/password") }))),
    ];

    /// <summary>Files of canonical bytes, which are signed or hashed: a mark before them is one byte too many, like any other.</summary>
    private static readonly (string File, string Code, Func<World, Task> Read)[] Canonical =
    [
        ("miner.delegation.json", ErrorCodes.DelegationUnusable, world => Now(() => SessionKeys.ReadFile(world.PathOf("miner.delegation.json")))),
        ("miner.delegation.json.draft", ErrorCodes.DelegationUnusable, world => Ran(world.MinerAsync("delegate", "--signature", "0x00"))),
        ("checkpoint.json", ErrorCodes.CheckpointUnusable, world => Now(() => CheckpointFile.Read(world.PathOf("checkpoint.json")))),
    ];

    private static readonly (string Name, bool IsForAll, Func<byte[], byte[]> Spoil)[] Spoilers =
    [
        ("a byte that is no UTF-8", true, bytes => Into(bytes, 0xFF)),
        ("half a character as CESU-8 has it", true, bytes => Into(bytes, 0xED, 0xA0, 0x80)),
        ("a NUL", true, bytes => Into(bytes, 0)),
        ("UTF-16", true, bytes => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes))]),
        ("half a character as JSON writes it", false, bytes => Into(bytes, [.. "\\ud800"u8])),
        ("a NUL as JSON writes it", false, bytes => Into(bytes, [.. "\\u0000"u8])),
        ("half a character in a key", false, bytes => [.. "{\"\\udfff\":1,"u8, .. bytes.AsSpan(bytes.AsSpan().IndexOf((byte)'{') + 1)]),
    ];

    [Fact]
    public async Task Each_reader_refuses_what_is_no_text_by_its_own_code()
    {
        using var world = await PoolAsync();
        foreach (var (file, code, isJson, read) in Readers)
        {
            var good = await File.ReadAllBytesAsync(world.PathOf(file));
            foreach (var (name, isForAll, spoil) in Spoilers.Where(one => one.IsForAll || isJson))
            {
                await File.WriteAllBytesAsync(world.PathOf(file), spoil(good));
                await SaysAsync(world, read, code, $"{file} with {name}{(isForAll ? "" : " (JSON)")}");
            }

            await File.WriteAllBytesAsync(world.PathOf(file), good);
        }
    }

    [Fact]
    public async Task A_mark_at_the_beginning_as_editors_write_it_changes_nothing()
    {
        using var world = await PoolAsync();
        foreach (var (file, _, _, read) in Readers.Where(static one => one.File is not ("swarmpool.json" or "names.json" or "swarm-client.json" or "plugins.lock.json")))
        {
            var good = await File.ReadAllBytesAsync(world.PathOf(file));
            await File.WriteAllBytesAsync(world.PathOf(file), [.. Encoding.UTF8.GetPreamble(), .. good]);
            await read(world);
            await File.WriteAllBytesAsync(world.PathOf(file), good);
        }

        // These are read by programs that go on: that they find nothing wrong with them is seen by what they find wrong next.
        foreach (var file in (string[])["swarmpool.json", "names.json", "plugins.lock.json"])
        {
            await File.WriteAllBytesAsync(world.PathOf(file), [.. Encoding.UTF8.GetPreamble(), .. await File.ReadAllBytesAsync(world.PathOf(file))]);
        }

        world.Write("keys/swarmpool.eth.key", "no key");
        await SaysAsync(world, w => Ran(w.SwarmPoolAsync("run")), ErrorCodes.KeyInvalid, "what is wrong next");
    }

    [Fact]
    public async Task What_is_signed_or_hashed_is_refused_with_any_of_it()
    {
        using var world = await PoolAsync();
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "--ens", "miner.alice.eth"));
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "--ens", "miner.alice.eth", "--wallet-key-file", "keys/miner.alice.eth.key", "--out", "miner.delegation.json"));
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "--ens", "miner.alice.eth"));
        world.Write("checkpoint.json", """{"format":"swarmpool-checkpoint/1","pool":"swarmpool.eth"}""");
        foreach (var (file, code, read) in Canonical)
        {
            var good = await File.ReadAllBytesAsync(world.PathOf(file));
            foreach (var (name, _, spoil) in Spoilers.Append(("a mark", true, static bytes => [.. Encoding.UTF8.GetPreamble(), .. bytes])))
            {
                await File.WriteAllBytesAsync(world.PathOf(file), spoil(good));
                await SaysAsync(world, read, code, $"{file} with {name}");
            }

            await File.WriteAllBytesAsync(world.PathOf(file), good);
        }

        Assert.NotNull(SessionKeys.ReadFile(world.PathOf("miner.delegation.json")));
        Assert.Throws<SwarmPoolException>(() => PoolAuditor.Read((byte[])[.. Encoding.UTF8.GetPreamble(), .. "{}"u8]));
    }

    private static async Task<World> PoolAsync()
    {
        var world = new World();
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("init", "--miners", "miner.alice.eth"));
        Keystore.Write(world.PathOf("keys/x.keystore.json"), PrivateKeys.Generate(), "a password");
        OwnFile.Write(world.PathOf("keys/password"), "a password\n");
        return world;
    }

    private static async Task SaysAsync(World world, Func<World, Task> read, string code, string what)
    {
        var before = world.Error.Length;
        try
        {
            await read(world);
        }
        catch (Exception thrown)
        {
            Assert.True(StartupErrors.Describe(thrown)[0].StartsWith($"{code}: ", StringComparison.Ordinal), $"{what}: {thrown.Message}");
            return;
        }

        var said = world.Error[before..];
        Assert.True(said.Contains($"✗ {code}: ", StringComparison.Ordinal), $"{what}: {said}");
        Assert.DoesNotContain(ErrorCodes.PluginFault, said, StringComparison.Ordinal);
    }

    // A program's exit code; what it says is in the world's error output.
    private static async Task Ran(Task<int> program) => Assert.NotEqual(ExitCodes.Ok, await program);

    private static Task Now(Func<object?> read)
    {
        (read() as IDisposable)?.Dispose();
        return Task.CompletedTask;
    }

    private static PrivateKeySigner Key(World world, SignerOptions options) => KeyLoader.Load(options, $"the test in {world.Folder}");

    // Into the middle of the first string there, which in a file without one is the first word.
    private static byte[] Into(byte[] bytes, params byte[] what)
    {
        var quote = Array.IndexOf(bytes, (byte)':') is >= 0 and var colon ? Array.IndexOf(bytes, (byte)'"', colon) : -1;
        return [.. bytes[..(quote + 2)], .. what, .. bytes[(quote + 2)..]];
    }
}
