using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Plugins.Trust;
using static SwarmPool.Runtime.Tests.Plugins.PluginHost;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>What is locked, and nothing else, is loaded under a strict lock file.</summary>
public sealed class PluginLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_locked_plugin_is_loaded()
    {
        Lock(folder.CopyPlugin(Good));

        Assert.Equal(PluginLockState.Locked, Loaded().Lock);
    }

    [Fact]
    public void A_plugin_that_is_not_locked_is_refused()
    {
        folder.CopyPlugin(Good);
        PluginLock.Empty(strict: true).Write(LockFile);

        var problem = Assert.Single(Problems(Locked()));

        Assert.StartsWith($"SP1112: Plugin {Good} is not in {LockFile}, which is strict", problem, StringComparison.Ordinal);
        Assert.Contains($"swarmpool plugin lock {Good}", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("changed: Newtonsoft.Json.dll")]
    [InlineData("added: libevil.so")]
    [InlineData("added: .hidden/evil.dll")]
    [InlineData("gone: TestPlugins.Good.deps.json")]
    public void A_plugin_that_is_not_as_it_was_locked_is_refused(string difference)
    {
        var plugin = folder.CopyPlugin(Good);
        Lock(plugin);
        Differ(plugin, difference);

        var problem = Assert.Single(Problems(Locked()));

        Assert.StartsWith($"SP1113: Plugin {Good} is not as it was locked in {LockFile}: {difference}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_byte_counts()
    {
        var plugin = folder.CopyPlugin(Good);
        Lock(plugin);
        var entry = Path.Combine(plugin, Good + ".dll");
        var bytes = File.ReadAllBytes(entry);
        for (var at = 0; at < bytes.Length; at += Math.Max(1, bytes.Length / 20))
        {
            bytes[at] ^= 1;
            File.WriteAllBytes(entry, bytes);
            Assert.StartsWith("SP1113", Assert.Single(Problems(Locked())), StringComparison.Ordinal);
            bytes[at] ^= 1;
        }
    }

    [Fact]
    public void A_lock_file_that_is_not_strict_tells_of_what_differs_and_loads_it()
    {
        var plugin = folder.CopyPlugin(Good);
        Lock(plugin, strict: false);
        Differ(plugin, "added: notes.txt");

        Assert.Equal(PluginLockState.Changed, Loaded().Lock);
    }

    [Theory]
    [InlineData(null, "there is no such file")]
    [InlineData("{", "can't be used")]
    [InlineData("""{ "format": 2, "strict": true, "plugins": {} }""", "its format is 2, and this program knows 1")]
    [InlineData("""{ "format": 1, "plugins": {} }""", "can't be used")]
    [InlineData("""{ "format": 1, "strict": true, "strict": false, "plugins": {} }""", "can't be used")]
    [InlineData("""{ "format": 1, "strict": true, "plugins": { "X": { "files": {} }, "x": { "files": {} } } }""", "can't be used")]
    [InlineData("""{ "format": 1, "strict": true, "plugins": { "X": { "files": { "X.dll": "abc" } } } }""", "is no SHA-256")]
    public void A_lock_file_that_can_not_be_used_lets_nothing_load_and_says_all_else_too(string? text, string expected)
    {
        folder.CopyPlugin("TestPlugins.Initializer");
        folder.CopyPlugin("TestPlugins.WrongEntry");
        if (text is not null)
        {
            File.WriteAllText(LockFile, text);
        }

        var problems = Problems(Locked("TestPlugins.Initializer", "TestPlugins.WrongEntry"));

        Assert.Equal(["SP1102", "SP1115"], problems.Select(line => line[..6]).Order(StringComparer.Ordinal));
        Assert.Contains(problems, problem => problem.Contains(expected, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.ran", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_every_user_can_write_is_not_locked_by_its_hash()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has access lists in place of modes.");
            return;
        }

        var plugin = folder.CopyPlugin(Good);
        Lock(plugin);
        foreach (var path in new[] { plugin, Path.Combine(plugin, "Newtonsoft.Json.dll"), Path.GetDirectoryName(plugin)!, LockFile })
        {
            var right = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, right | UnixFileMode.OtherWrite);
            var problem = Assert.Single(Problems(Locked()));
            Assert.StartsWith($"SP1114: Plugin {Good}: every user of this machine can write {path}", problem, StringComparison.Ordinal);
            File.SetUnixFileMode(path, right);
        }

        Loaded();
    }

    [Fact]
    public void Under_a_strict_lock_nobody_else_may_write_where_a_link_to_it_leads()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has access lists in place of modes.");
            return;
        }

        Lock(folder.CopyPlugin(Good));
        var shared = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(LockFile)!, "shared")).FullName;
        File.Move(LockFile, Path.Combine(shared, "real.json"));
        File.CreateSymbolicLink(LockFile, "shared/real.json");
        Loaded();
        File.SetUnixFileMode(shared, File.GetUnixFileMode(shared) | UnixFileMode.OtherWrite);
        Assert.Contains($"every user of this machine can write {SwarmPool.Files.RealPath.Of(shared)}", Assert.Single(Problems(Locked())), StringComparison.Ordinal);
    }

    [Fact]
    public void The_lock_file_is_the_same_for_the_same_files_and_reads_back()
    {
        var plugin = folder.CopyPlugin(Good);
        Lock(plugin);
        var first = File.ReadAllText(LockFile);
        PluginLock.Read(LockFile).With(LockedPlugin.Of(Good, plugin)).Write(LockFile);

        Assert.Equal(first, File.ReadAllText(LockFile));
        Assert.StartsWith("{\n  \"format\": 1,\n  \"strict\": true,\n  \"plugins\": {\n    \"TestPlugins.Good\": {\n      \"files\": {\n", first, StringComparison.Ordinal);
        Assert.Empty(PluginLock.Read(LockFile).Without(Good).Plugins);
    }

    [Fact]
    public void The_digest_is_what_sha256sum_gives()
    {
        var plugin = Directory.CreateDirectory(folder.Combine("plugins", "P")).FullName;
        Directory.CreateDirectory(Path.Combine(plugin, "b"));
        File.WriteAllText(Path.Combine(plugin, "a.txt"), "a");
        File.WriteAllText(Path.Combine(plugin, "b", "c.txt"), "c");

        // (cd P && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum)
        Assert.Equal("892bb17f994bd2a97054be9c4cbe4e1d0b3292adbc2ad9944b9b9139a77d8648", LockedPlugin.Of("P", plugin).Digest);
    }

    private string LockFile => folder.Combine("plugins.lock.json");

    private void Lock(string plugin, bool strict = true) => PluginLock.Empty(strict).With(LockedPlugin.Of(Good, plugin)).Write(LockFile);

    private SwarmPoolBuilder Locked(params string[] plugins) => Builder(
        $$"""{ "plugins": { "lock": "plugins.lock.json", "use": { {{string.Join(", ", (plugins.Length > 0 ? plugins : [Good]).Select(plugin => $"\"{plugin}\": {{}}"))}} } } }""", folder.Path);

    private LoadedPlugin Loaded()
    {
        var builder = Locked();
        builder.UsePlugins(new PluginCatalog());
        using var host = builder.Build();
        return Assert.Single(host.Services.GetServices<LoadedPlugin>());
    }

    private static void Differ(string plugin, string difference)
    {
        var file = Path.Combine(plugin, difference[(difference.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        if (difference.StartsWith("gone", StringComparison.Ordinal))
        {
            File.Delete(file);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.AppendAllText(file, "more");
    }
}
