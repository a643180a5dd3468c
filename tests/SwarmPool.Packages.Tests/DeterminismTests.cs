using System.IO.Compression;
using System.Security.Cryptography;
using SwarmPool.EndToEnd.Tests;

namespace SwarmPool.Packages.Tests;

/// <summary>The same commit gives the same assemblies, whoever packs them, wherever the build lies.</summary>
public sealed class DeterminismTests(Feed feed)
{
    [Fact]
    public async Task Packing_twice_gives_the_same_bytes_of_every_assembly()
    {
        Assert.SkipUnless(Feed.IsFull, "It packs everything a second time: minutes. SWARMPOOL_FULL=1 runs it.");
        var again = feed.NewFolder("feed-again");
        await feed.RunAsync(RunningProgram.Repository, "bash", "pack.sh", "--output", again);
        var (first, second) = (Assemblies(feed.Packages), Assemblies(again));
        Assert.InRange(first.Count, 20, int.MaxValue);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_package_has_what_a_feed_asks_for()
    {
        foreach (var package in Directory.EnumerateFiles(feed.Packages, "*.nupkg"))
        {
            using var zip = ZipFile.OpenRead(package);
            var id = Path.GetFileName(package).Replace(".0.1.0.nupkg", "", StringComparison.Ordinal);
            using var nuspec = new StreamReader(zip.GetEntry(id + ".nuspec")!.Open());
            var text = nuspec.ReadToEnd();
            Assert.All(["<license type=\"expression\">MIT</license>", "<readme>README.md</readme>", "commit="], part => Assert.Contains(part, text, StringComparison.Ordinal));
            Assert.NotNull(zip.GetEntry("README.md"));
            if (id is not "SwarmPool.Templates" && !text.Contains("DotnetTool", StringComparison.Ordinal))
            {
                Assert.NotNull(zip.GetEntry($"lib/net10.0/{id}.dll"));
                Assert.NotNull(zip.GetEntry($"lib/net10.0/{id}.xml"));
                Assert.True(File.Exists(Path.ChangeExtension(package, ".snupkg")), $"{id} has no symbols.");
            }
        }
    }

    private static SortedDictionary<string, string> Assemblies(string feed)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var package in Directory.EnumerateFiles(feed, "*.nupkg"))
        {
            using var zip = ZipFile.OpenRead(package);
            foreach (var entry in zip.Entries.Where(entry => entry.FullName.EndsWith(".dll", StringComparison.Ordinal)))
            {
                using var bytes = entry.Open();
                hashes[$"{Path.GetFileName(package)} {entry.FullName}"] = Convert.ToHexString(SHA256.HashData(bytes));
            }
        }

        return hashes;
    }
}
