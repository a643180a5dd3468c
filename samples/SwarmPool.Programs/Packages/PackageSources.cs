using NuGet.Common;
using NuGet.Configuration;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Packages;

/// <summary>The package sources that this machine is configured for, asked through NuGet's own client.</summary>
internal sealed class PackageSources : IDisposable
{
    /// <summary>The most bytes of one package's file.</summary>
    public const long MaxPackageBytes = 1024L * 1024 * 1024;

    private readonly List<SourceRepository> repositories;
    private readonly PackageSourceMapping mapping;
    private readonly string downloads;
    private readonly Action<string> progress;
    private readonly SourceCacheContext cache = new() { DirectDownload = true, NoCache = true };
    private readonly Dictionary<PackageIdentity, FindPackageByIdResource> found = [];

    public PackageSources(string settingsFolder, string downloads, Action<string> progress)
    {
        this.downloads = downloads;
        this.progress = progress;
        var settings = Settings.LoadDefaultSettings(settingsFolder);
        mapping = PackageSourceMapping.GetPackageSourceMapping(settings);
        var configured = new PackageSourceProvider(settings).LoadPackageSources();
        repositories = [.. configured.Where(source => source.IsEnabled).Select(source => Repository.Factory.GetCoreV3(source))];
    }

    /// <summary>The lowest version of a package in a range that any source has.</summary>
    /// <exception cref="SwarmPoolException">SP1118: none has one. SP1119: several sources have packages of that name, and no mapping says which is meant.</exception>
    public async Task<PackageIdentity> LowestAsync(string id, VersionRange range, string neededBy, CancellationToken stop)
    {
        progress($"looking for {id} {range.PrettyPrint()}");
        PackageIdentity? best = null;
        var having = new List<string>();
        foreach (var repository in repositories.Where(repository => MayHave(repository, id)))
        {
            var resource = await repository.GetResourceAsync<FindPackageByIdResource>(stop)
                ?? throw new SwarmPoolException(ErrorCodes.PackageUnusable, $"The package source {repository.PackageSource.Name} can't be asked for packages. Fix it in NuGet's configuration, or disable it.");
            var versions = await resource.GetAllVersionsAsync(id, cache, NullLogger.Instance, stop);
            var all = versions?.ToList() ?? [];
            if (all.Count > 0)
            {
                having.Add(repository.PackageSource.Name);
            }

            if (range.FindBestMatch(all) is { } version && (best is null || version < best.Version))
            {
                best = new PackageIdentity(id, version);
                found[best] = resource;
            }
        }

        // Whoever puts a package of an internal one's name on a public source would be asked for it: which of them is meant is for its user to say.
        if (having.Count > 1 && !mapping.IsEnabled)
        {
            throw new SwarmPoolException(
                ErrorCodes.PackageAmbiguous,
                $"{neededBy} needs {id}, which {having.Count} package sources have: {string.Join(", ", having)}. Say which may have it in NuGet's configuration, under packageSourceMapping: <packageSource key=\"{having[0]}\"><package pattern=\"{id}\" /></packageSource>, and <package pattern=\"*\" /> for the source of all others. Or add the plugin from a folder.");
        }

        return best ?? throw new SwarmPoolException(
            ErrorCodes.PackageUnusable,
            $"{neededBy} needs {id} {range.PrettyPrint()}, and no package source of this machine has it ({Sources}). Add the source that has it to NuGet's configuration, or add the plugin from a folder.");
    }

    public async Task<IEnumerable<PackageDependencyGroup>> DependenciesAsync(PackageIdentity package, CancellationToken stop) =>
        (await found[package].GetDependencyInfoAsync(package.Id, package.Version, cache, NullLogger.Instance, stop))?.DependencyGroups ?? [];

    /// <summary>Fetches a package's file.</summary>
    /// <returns>Where it is.</returns>
    public async Task<string> FetchAsync(PackageIdentity package, CancellationToken stop)
    {
        progress($"fetching {package.Id} {package.Version}");
        var path = Path.Combine(downloads, $"{package.Id}.{package.Version}.nupkg".ToLowerInvariant());
        await using var file = new BoundedFile(path, MaxPackageBytes);
        return await found[package].CopyNupkgToStreamAsync(package.Id, package.Version, file, cache, NullLogger.Instance, stop)
            ? path
            : throw new SwarmPoolException(ErrorCodes.PackageUnusable, $"{package} was found, but its source did not hand it out. Try again later, or add the plugin from a folder.");
    }

    public void Dispose() => cache.Dispose();

    // Where the machine says which source may have which packages, no other is asked for them.
    private bool MayHave(SourceRepository repository, string id) =>
        !mapping.IsEnabled || mapping.GetConfiguredPackageSources(id).Contains(repository.PackageSource.Name, StringComparer.OrdinalIgnoreCase);

    private string Sources => repositories.Count == 0 ? "none is configured" : $"{repositories.Count} configured";
}
