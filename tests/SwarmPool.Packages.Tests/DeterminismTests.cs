using System.IO.Compression;
using System.Security.Cryptography;
using SwarmPool.EndToEnd.Tests;

namespace SwarmPool.Packages.Tests;

/// <summary>The same commit gives the same assemblies, whoever packs them, wherever the build lies.</summary>
public sealed class DeterminismTests(Feed feed)
{
    /// <summary>All of them under SWARMPOOL_FULL=1, by pack.sh; else the smallest, built from nothing two times.</summary>
    [Fact]
    public async Task Building_twice_gives_the_same_bytes_of_every_assembly()
    {
        var (one, two) = (feed.NewFolder("build-one"), feed.NewFolder("build-two"));
        var artifacts = Path.Combine(RunningProgram.Repository, "artifacts", "determinism");
        foreach (var folder in new[] { one, two })
        {
            if (Directory.Exists(artifacts))
            {
                Directory.Delete(artifacts, recursive: true);
            }

            await (Feed.IsFull
                ? feed.RunAsync(RunningProgram.Repository, "bash", "pack.sh", "--output", folder)
                : feed.RunAsync(
                    RunningProgram.Repository, "dotnet", "pack", "src/SwarmPool.Abstractions", "-c", "Release", "-v", "quiet", "-o", folder,
                    "-p:ContinuousIntegrationBuild=true", $"-p:ArtifactsPath={artifacts}"));
        }

        Assert.NotEmpty(Assemblies(one));
        Assert.Equal(Assemblies(one), Assemblies(two));
    }

    [Fact]
    public void A_package_has_what_a_feed_asks_for()
    {
        var packages = Directory.GetFiles(feed.Packages, "*.nupkg");
        Assert.InRange(packages.Length, 7, int.MaxValue);
        foreach (var package in packages)
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
