using System.IO.Compression;
using SwarmPool.Programs.Packages;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using static SwarmPool.Programs.Tests.Plugins.BuiltPlugins;

namespace SwarmPool.Programs.Tests.Plugins;

/// <summary><c>swarmpool plugin add X.nupkg</c>: the package, what it depends on, and nothing else.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string Entry = Path.Combine(FolderOf(Good), Good + ".dll");
    private static readonly string Json = Path.Combine(FolderOf(Good), "Newtonsoft.Json.dll");

    private readonly World world = new(width: 1000);
    private readonly PackageFeed feed;

    public PackageTests() => feed = new PackageFeed(world);

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_package_comes_with_what_it_depends_on_for_this_system_and_without_what_it_shares()
    {
        await world.SwarmPoolAsync("init");
        feed.Add("Newtonsoft.Json", "12.0.3", [("lib/netstandard2.0/Newtonsoft.Json.dll", Json), ("lib/net45/Old.dll", Json)], ("Deeper", "[1.0.0, 2.0.0)"));
        feed.Add("Deeper", "1.0.0", [($"runtimes/{PackageFeed.System}/native/libdeeper.so", Json), ("runtimes/nowhere-z80/native/libother.so", Json)]);
        feed.Add("Deeper", "1.5.0", [($"runtimes/{PackageFeed.System}/native/libnewer.so", Json)]);
        var package = feed.Add(Good, "1.2.3", [("lib/net10.0/" + Good + ".dll", Entry)], ("SwarmPool.Abstractions", "0.1.0"), ("Microsoft.Extensions.Options", "10.0.0"), ("Newtonsoft.Json", "12.0.1"));

        Assert.True(await world.SwarmPoolAsync("plugin", "add", package) == ExitCodes.Ok, world.Error);

        Assert.Equal(["Newtonsoft.Json.dll", Good + ".dll", "libdeeper.so"], FilesOf(Good));
        Assert.Contains("fetching Newtonsoft.Json 12.0.3", world.Screen, StringComparison.Ordinal);
        world.Write("swarmpool.json", File.ReadAllText(world.PathOf("swarmpool.json")).Replace("SwarmPool.Plugins.Settlement7525", Good, StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("plugin", "verify"));
    }

    [Fact]
    public async Task The_highest_of_the_lowest_versions_is_taken_and_a_broken_bound_is_told()
    {
        await world.SwarmPoolAsync("init");
        feed.Add("Deeper", "1.0.0", [("lib/net10.0/Deeper1.dll", Json)]);
        feed.Add("Deeper", "2.0.0", [("lib/net10.0/Deeper2.dll", Json)]);
        feed.Add("Left", "1.0.0", [("lib/net10.0/Left.dll", Json)], ("Deeper", "1.0.0"));
        feed.Add("Right", "1.0.0", [("lib/net10.0/Right.dll", Json)], ("Deeper", "2.0.0"));
        feed.Add("Narrow", "1.0.0", [("lib/net10.0/Narrow.dll", Json)], ("Deeper", "[1.0.0]"));
        (string, string)[] entry = [("lib/net10.0/" + Good + ".dll", Entry)];

        Assert.True(await world.SwarmPoolAsync("plugin", "add", feed.Add(Good, "1.0.0", entry, ("Left", "1.0.0"), ("Right", "1.0.0"))) == ExitCodes.Ok, world.Error);
        Assert.Equal(["Deeper2.dll", "Left.dll", "Right.dll", Good + ".dll"], FilesOf(Good));

        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "add", feed.Add(Good, "1.0.1", entry, ("Narrow", "1.0.0"), ("Right", "1.0.0"))));
        Assert.Contains("SP1118: Narrow.1.0.0 needs Deeper (= 1.0.0), but others need 2.0.0", world.Error, StringComparison.Ordinal);
        Assert.Contains("Deeper2.dll", FilesOf(Good)); // What was there before is still there, whole.
    }

    [Fact]
    public async Task A_strangers_package_of_an_internal_ones_name_is_never_taken_for_it()
    {
        await world.SwarmPoolAsync("init");
        var stranger = PackageFeed.Another(world, "public");
        (string, string)[] entry = [("lib/net10.0/" + Good + ".dll", Entry)];
        feed.Add("Internal.Deeper", "2.0.0", [("lib/net10.0/Internal.dll", Json)]);
        stranger.Add("Internal.Deeper", "1.0.0", [("lib/net10.0/Stranger.dll", Json)]); // The lowest: it was taken.
        var package = feed.Add(Good, "1.0.0", entry, ("Internal.Deeper", "1.0.0"));

        Configure("");
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "add", package));
        Assert.Contains($"SP1119: {Good}.1.0.0 needs Internal.Deeper, which 2 package sources have: feed, public.", world.Error, StringComparison.Ordinal);
        Assert.Contains("packageSourceMapping", world.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world.PathOf("plugins/" + Good)));

        // A higher one is no less ambiguous.
        stranger.Add("Internal.Deeper", "9.0.0", [("lib/net10.0/Stranger.dll", Json)]);
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "add", package));

        Configure("""<packageSourceMapping><packageSource key="feed"><package pattern="Internal.*" /></packageSource><packageSource key="public"><package pattern="*" /></packageSource></packageSourceMapping>""");
        Assert.True(await world.SwarmPoolAsync("plugin", "add", package) == ExitCodes.Ok, world.Error);
        Assert.Contains("Internal.dll", FilesOf(Good));
        Assert.DoesNotContain("Stranger.dll", FilesOf(Good));

        void Configure(string mapping) => world.Write(
            "nuget.config", $"""<configuration><packageSources><clear /><add key="feed" value="feed" /><add key="public" value="public" /></packageSources><packageSourceMapping><clear /></packageSourceMapping>{mapping}</configuration>""".Replace("<packageSourceMapping><clear /></packageSourceMapping><packageSourceMapping>", "<packageSourceMapping><clear />", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dependency_that_no_source_has_is_told_and_nothing_is_left_behind()
    {
        await world.SwarmPoolAsync("init");
        var package = feed.Add(Good, "1.0.0", [("lib/net10.0/" + Good + ".dll", Entry)], ("Nobody.Has.This", "1.0.0"));

        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "add", package));
        Assert.Contains($"SP1118: {Good}.1.0.0 needs Nobody.Has.This (>= 1.0.0), and no package source of this machine has it (1 configured)", world.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(world.PathOf("plugins")));
    }

    [Theory]
    [InlineData("lib/net10.0/../../../../evil.dll")]
    [InlineData("../evil.dll")]
    [InlineData("/evil.dll")]
    [InlineData("lib/net10.0/..\\..\\evil.dll")]
    public async Task A_path_that_leads_out_of_the_package_writes_nothing_there(string path)
    {
        await world.SwarmPoolAsync("init");
        var package = feed.Add(Good, "1.0.0", [("lib/net10.0/" + Good + ".dll", Entry)]);
        using (var zip = ZipFile.Open(package, ZipArchiveMode.Update))
        {
            await using var evil = zip.CreateEntry(path).Open();
            evil.Write("MZ"u8);
        }

        await world.SwarmPoolAsync("plugin", "add", package);

        Assert.DoesNotContain(Directory.GetFiles(world.Folder, "*evil*", SearchOption.AllDirectories), file => !file.StartsWith(world.PathOf($"plugins/{Good}/"), StringComparison.Ordinal));
        Assert.False(File.Exists("/evil.dll"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(int.MaxValue)]
    public async Task What_is_no_package_is_told(int length)
    {
        await world.SwarmPoolAsync("init");
        var package = feed.Add(Good, "1.0.0", [("lib/net10.0/" + Good + ".dll", Entry)]);
        var bytes = File.ReadAllBytes(package);
        if (length == int.MaxValue)
        {
            bytes.AsSpan(bytes.Length / 3, 64).Fill(0x5A);
        }
        else
        {
            bytes = bytes[..length];
        }

        File.WriteAllBytes(package, bytes);
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "add", package));
        Assert.Matches("SP11(18|02|11)", world.Error);
        Assert.Empty(Directory.GetFileSystemEntries(world.PathOf("plugins")));
    }

    [Fact]
    public void What_unpacks_to_more_than_a_plugin_may_have_is_cut_off_while_it_comes()
    {
        using var staged = StagedPlugin.Beside(world.PathOf("plugins"), mostBytes: 1_000_000);
        var packed = new MemoryStream();
        using (var press = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            press.Write(new byte[50_000_000]);
        }

        packed.Position = 0;
        using var bomb = new DeflateStream(packed, CompressionMode.Decompress);

        var refused = Assert.Throws<SwarmPoolException>(() => staged.Write("bomb.dll", bomb));

        Assert.Equal(ErrorCodes.PackageUnusable, refused.Code);
        Assert.InRange(new FileInfo(Path.Combine(staged.Folder, "bomb.dll")).Length, 0, 1_000_000);
    }

    private IEnumerable<string?> FilesOf(string plugin) => Directory.GetFiles(world.PathOf($"plugins/{plugin}")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
