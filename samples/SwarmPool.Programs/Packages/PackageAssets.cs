using System.Runtime.InteropServices;
using NuGet.Client;
using NuGet.ContentModel;
using NuGet.Frameworks;
using NuGet.Packaging;
using NuGet.RuntimeModel;

namespace SwarmPool.Programs.Packages;

/// <summary>What of a package runs here: assemblies and native libraries, chosen by NuGet's own rules for this framework and system.</summary>
internal static class PackageAssets
{
    /// <summary>The framework that plugins run on.</summary>
    public static NuGetFramework Framework { get; } = NuGetFramework.Parse($"net{Environment.Version.Major}.{Environment.Version.Minor}");

    private static readonly string System = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
    private static readonly string Processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
    private static readonly ManagedCodeConventions Conventions = new(Systems());

    /// <summary>Copies them, side by side, as a build output has them.</summary>
    public static void CopyTo(StagedPlugin staged, PackageArchiveReader package)
    {
        var content = new ContentItemCollection();
        content.Load(package.GetFiles());
        var here = Conventions.Criteria.ForFrameworkAndRuntime(Framework, $"{System}-{Processor}");
        foreach (var pattern in new[] { Conventions.Patterns.RuntimeAssemblies, Conventions.Patterns.NativeLibraries })
        {
            foreach (var item in content.FindBestItemGroup(here, pattern)?.Items ?? [])
            {
                var name = item.Path[(item.Path.LastIndexOf('/') + 1)..];
                if (name != "_._" && !staged.Has(name) && !PackagePlugin.IsShared(Path.GetFileNameWithoutExtension(name)))
                {
                    using var file = package.GetStream(item.Path);
                    staged.Write(name, file);
                }
            }
        }
    }

    // Which systems' assets run on this one; NuGet's own graph comes with the SDK, which whoever runs a program need not have.
    private static RuntimeGraph Systems()
    {
        var unix = System == "win" ? "any" : "unix";
        return new RuntimeGraph(
        [
            new RuntimeDescription("any"),
            new RuntimeDescription("unix", ["any"]),
            new RuntimeDescription($"unix-{Processor}", ["unix"]),
            new RuntimeDescription(System, [unix]),
            new RuntimeDescription($"{System}-{Processor}", unix == "unix" ? [System, $"unix-{Processor}"] : [System]),
        ]);
    }
}
