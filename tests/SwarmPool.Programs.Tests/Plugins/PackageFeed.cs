using System.Runtime.InteropServices;
using NuGet.Frameworks;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Versioning;
using SwarmPool.Programs.Tests.Support;

namespace SwarmPool.Programs.Tests.Plugins;

/// <summary>A package source of one test: a folder, and the NuGet configuration beside the pool's that names it and no other.</summary>
internal sealed class PackageFeed
{
    private readonly string folder;

    private PackageFeed(string folder) => this.folder = Directory.CreateDirectory(folder).FullName;

    /// <summary>Another source, which a test has to name in NuGet's configuration.</summary>
    public static PackageFeed Another(World world, string name) => new(world.PathOf(name));

    public PackageFeed(World world)
        : this(world.PathOf("feed"))
    {
        world.Write("nuget.config", """<configuration><packageSources><clear /><add key="feed" value="feed" /></packageSources></configuration>""");
    }

    /// <summary>The system that the tests run on, as packages name it.</summary>
    public static string System { get; } =
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Makes a package.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="files">Paths in the package, and where their bytes are.</param>
    /// <param name="dependencies">Names and version ranges.</param>
    /// <returns>Its file.</returns>
    public string Add(string id, string version, IEnumerable<(string Path, string From)> files, params (string Id, string Range)[] dependencies)
    {
        var builder = new PackageBuilder { Id = id, Version = NuGetVersion.Parse(version), Description = id };
        builder.Authors.Add("the test");
        builder.DependencyGroups.Add(new PackageDependencyGroup(
            NuGetFramework.Parse("net10.0"), dependencies.Select(one => new PackageDependency(one.Id, VersionRange.Parse(one.Range)))));
        foreach (var (path, from) in files)
        {
            builder.Files.Add(new PhysicalPackageFile { SourcePath = from, TargetPath = path });
        }

        var target = Path.Combine(folder, $"{id}.{version}.nupkg");
        using var file = File.Create(target);
        builder.Save(file);
        return target;
    }
}
