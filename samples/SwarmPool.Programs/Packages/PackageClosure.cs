using NuGet.Frameworks;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Versioning;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Packages;

/// <summary>
/// What a package depends on, all the way down. Of each dependency the lowest version is taken that the highest of the
/// lower bounds asks for; one that then breaks somebody's upper bound can't be resolved.
/// </summary>
internal sealed class PackageClosure(PackageSources sources)
{
    private const int MaxPackages = 500;

    private readonly SortedDictionary<string, List<(VersionRange Range, string By)>> wanted = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, PackageIdentity> chosen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Everything but the package itself and what is shared with the host, in the order of names.</summary>
    /// <exception cref="SwarmPoolException">SP1118.</exception>
    public async Task<IReadOnlyCollection<PackageIdentity>> ResolveAsync(PackageIdentity package, IEnumerable<PackageDependencyGroup> groups, CancellationToken stop)
    {
        var open = new Queue<string>(Want(package, groups));
        while (open.TryDequeue(out var id))
        {
            var version = await sources.LowestAsync(id, Highest(id), By(id), stop);
            if (!chosen.TryGetValue(id, out var before) || before.Version < version.Version)
            {
                chosen[id] = version;
                if (chosen.Count > MaxPackages)
                {
                    throw new SwarmPoolException(ErrorCodes.PackageUnusable, $"{package.Id} depends on more than {MaxPackages} packages. That is more than a plugin may have.");
                }

                foreach (var next in Want(version, await sources.DependenciesAsync(version, stop)))
                {
                    open.Enqueue(next);
                }
            }
        }

        foreach (var (id, version) in chosen)
        {
            foreach (var (range, by) in wanted[id].Where(one => !one.Range.Satisfies(version.Version)))
            {
                throw new SwarmPoolException(ErrorCodes.PackageUnusable, $"{by} needs {id} {range.PrettyPrint()}, but others need {version.Version}. The plugin's author has to fix that.");
            }
        }

        return chosen.Values;
    }

    // What it wants for this framework, without what the host has and without what is only for building it.
    private List<string> Want(PackageIdentity package, IEnumerable<PackageDependencyGroup> groups)
    {
        var dependencies = NuGetFrameworkUtility.GetNearest(groups, PackageAssets.Framework, group => group.TargetFramework)?.Packages ?? [];
        var ids = new List<string>();
        foreach (var dependency in dependencies.Where(one => !PackagePlugin.IsShared(one.Id) && !IsForBuilding(one)))
        {
            if (!wanted.TryGetValue(dependency.Id, out var ranges))
            {
                wanted[dependency.Id] = ranges = [];
            }

            ranges.Add((dependency.VersionRange, package.ToString()));
            ids.Add(dependency.Id);
        }

        return ids;
    }

    private static bool IsForBuilding(PackageDependency dependency) =>
        dependency.Exclude.Any(asset => asset.Equals("runtime", StringComparison.OrdinalIgnoreCase) || asset.Equals("all", StringComparison.OrdinalIgnoreCase));

    private VersionRange Highest(string id) => wanted[id].Select(one => one.Range).OrderBy(range => range.MinVersion ?? new NuGetVersion(0, 0, 0)).Last();

    private string By(string id) => string.Join(" and ", wanted[id].Select(one => one.By).Distinct(StringComparer.Ordinal));
}
