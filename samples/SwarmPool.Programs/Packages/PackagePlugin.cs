using System.IO.Compression;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Plugins;

namespace SwarmPool.Programs.Packages;

/// <summary>
/// Makes a plugin's folder of its package: the package's own assemblies, those of all that it depends on, and the native
/// libraries for this system. What it shares with the host is left out.
/// </summary>
internal static class PackagePlugin
{
    private const int MaxEntries = 20_000;
    private const long MaxManifestBytes = 1024 * 1024;

    /// <summary>Unpacks a package and its dependencies.</summary>
    /// <param name="path">The package's file.</param>
    /// <param name="staged">Where the folder is put together; it gets its name too.</param>
    /// <param name="name">The plugin's name; null for the package's.</param>
    /// <param name="settingsFolder">Where the search for NuGet's configuration begins, which says the sources.</param>
    /// <param name="progress">Is told of each step that may take a while.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP1118: the package or one that it depends on is unavailable or unusable.</exception>
    public static async Task UnpackAsync(string path, StagedPlugin staged, string? name, string settingsFolder, Action<string> progress, CancellationToken stop)
    {
        if (!File.Exists(path))
        {
            throw new SwarmPoolException(ErrorCodes.PackageUnusable, $"There is no package {path}. Name the .nupkg file.");
        }

        var downloads = Directory.CreateTempSubdirectory("swarmpool-packages-");
        try
        {
            using var own = Open(path);
            var identity = own.GetIdentity();
            staged.Name = name ?? identity.Id;
            PackageAssets.CopyTo(staged, own);

            using var sources = new PackageSources(settingsFolder, downloads.FullName, progress);
            foreach (var dependency in await new PackageClosure(sources).ResolveAsync(identity, own.GetPackageDependencies(), stop))
            {
                using var package = Open(await sources.FetchAsync(dependency, stop));
                PackageAssets.CopyTo(staged, package);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or PackagingException or NuGet.Protocol.Core.Types.NuGetProtocolException)
        {
            throw new SwarmPoolException(ErrorCodes.PackageUnusable, $"The package {path} can't be used: {broken.GetBaseException().Message} Take another copy of it, or add the plugin from a folder.", broken);
        }
        finally
        {
            downloads.Delete(recursive: true);
        }
    }

    /// <summary>What a plugin shares with the host, by package: the contracts, and what they are made of.</summary>
    public static bool IsShared(string package) => SharedContracts.Names.Contains(package, StringComparer.OrdinalIgnoreCase);

    private static PackageArchiveReader Open(string path)
    {
        if (new FileInfo(path).Length > PackageSources.MaxPackageBytes)
        {
            throw TooLarge(path, $"more than {PackageSources.MaxPackageBytes} bytes");
        }

        // The manifest is read whole, so its size is looked at first; an archive's reader gives no more than it says there.
        using (var archive = ZipFile.OpenRead(path))
        {
            if (archive.Entries.Count > MaxEntries)
            {
                throw TooLarge(path, $"more than {MaxEntries} files");
            }

            if (archive.Entries.Any(entry => entry.Name.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase) && entry.Length > MaxManifestBytes))
            {
                throw TooLarge(path, $"a manifest of more than {MaxManifestBytes} bytes");
            }
        }

        return new PackageArchiveReader(path);
    }

    private static SwarmPoolException TooLarge(string path, string what) =>
        new(ErrorCodes.PackageUnusable, $"The package {path} has {what}. That is more than a plugin may have.");
}
