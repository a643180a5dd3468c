using System.Reflection.PortableExecutable;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Runtime.Plugins.Preflight;

/// <summary>
/// What can be told of a plugin before it is loaded. Files are read as data: nothing of the plugin runs here, and a plugin
/// with a problem is not loaded.
/// </summary>
internal static class PluginPreflight
{
    /// <summary>Everything that is wrong, each with a code, the rule and how to fix it; empty when the plugin may be loaded.</summary>
    public static IReadOnlyList<Refusal> Check(PluginFolder folder, PluginTrust trust, PreflightHost host)
    {
        try
        {
            // The files first: what is not what was locked, or lies elsewhere, is not worth a further look.
            if (trust.Check(folder, out var files) is { } untrusted)
            {
                return [untrusted];
            }

            return [.. Entry(folder, host), .. Shared(folder, files, host), .. Files(folder, files, host), .. DependencyFile.Check(folder, files)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [new Refusal(ErrorCodes.PluginLoadFailed, $"Plugin {folder.Name}: its folder can't be read: {unreadable.Message} Fix its rights.")];
        }
    }

    private static IEnumerable<Refusal> Entry(PluginFolder folder, PreflightHost host)
    {
        var (image, whyNot) = PluginImage.Read(folder.EntryPath);
        if (image is null)
        {
            yield return new(ErrorCodes.PluginImage,
                $"Plugin {folder.Name}: {folder.EntryPath} is no .NET assembly: {whyNot}. Put the plugin's whole build output there again.");
            yield break;
        }

        if (!image.Entry.IsMarked)
        {
            yield return new(ErrorCodes.PluginEntryMissing,
                $"Plugin {folder.Name}: {folder.EntryPath} is not marked as a plugin. Its author has to add [assembly: SwarmPoolPlugin(typeof(…))]; if it is no plugin, take it out of plugins:use.");
        }
        else if (image.Entry.Fault is { } fault)
        {
            yield return new(ErrorCodes.PluginEntryMissing,
                $"Plugin {folder.Name}: its entry point {image.Entry.TypeName} will not do: {fault}. It has to be a class in the plugin's own assembly that implements {nameof(ISwarmPoolPlugin)} and has a public constructor without parameters. Its author has to fix that.");
        }

        if (ProcessorFault(image, host) is { } processor)
        {
            yield return new(ErrorCodes.PluginImage, $"Plugin {folder.Name}: {folder.EntryPath} {processor}");
        }
    }

    private static IEnumerable<Refusal> Shared(PluginFolder folder, PluginFiles files, PreflightHost host) => files.Assemblies
        .Where(file => host.Shared.ContainsKey(Path.GetFileNameWithoutExtension(file)))
        .Select(file => new Refusal(ErrorCodes.PluginPrivateCopy,
            $"Plugin {folder.Name}: it brings its own {file}, which it has to share with the host: with two of them, neither knows the other's types. Delete that file; its author refers to it with Private=\"false\" ExcludeAssets=\"runtime\"."));

    // Assemblies below the folder are for other systems, or in other languages: what lies beside the entry is what loads.
    private static IEnumerable<Refusal> Files(PluginFolder folder, PluginFiles files, PreflightHost host) => files.Assemblies
        .Where(file => !file.Contains('/', StringComparison.Ordinal))
        .Select(file => (File: file, Image: PluginImage.Read(Path.Combine(folder.Path, file)).Image))
        .Where(one => one.Image is not null)
        .SelectMany(one => References(folder, one.File, one.Image!, host).Concat(Dependency(folder, one.File, one.Image!, host)));

    private static IEnumerable<Refusal> Dependency(PluginFolder folder, string file, PluginImage image, PreflightHost host)
    {
        if (!folder.IsEntry(file) && ProcessorFault(image, host) is { } processor)
        {
            yield return new(ErrorCodes.PluginImage, $"Plugin {folder.Name}: {file} {processor}");
        }
    }

    private static IEnumerable<Refusal> References(PluginFolder folder, string file, PluginImage image, PreflightHost host)
    {
        foreach (var (name, version) in image.References)
        {
            if (name == SharedContracts.Contract)
            {
                if (ContractFault(version, host) is { } fault)
                {
                    yield return new(ErrorCodes.PluginContract,
                        $"Plugin {folder.Name}: {file} was built against {name} {version.ToString(3)}, and this program has {host.Contract.ToString(3)}: {fault}");
                }
            }
            else if (host.Shared.TryGetValue(name, out var own) && version > own)
            {
                yield return new(ErrorCodes.PluginSharedNewer,
                    $"Plugin {folder.Name}: {file} refers to {name} {version}, which it shares with the host, and this program has {own}. Its author has to build it with packages that are not newer, or this program has to be updated.");
            }
        }
    }

    private static string? ContractFault(Version built, PreflightHost host) =>
        ContractVersions.IsTooNew(built, host.Contract) ? "the plugin may need what is not there yet. Update this program, or take an older version of the plugin."
        : ContractVersions.IsTooOld(built, host.Contract)
            ? $"versions before {ContractVersions.OldestFor(host.Contract)} are no longer kept. Take a newer version of the plugin, or let its author build it again."
            : null;

    private static string? ProcessorFault(PluginImage image, PreflightHost host) => image.Processor is { } only && only != host.Processor
        ? $"is for {Named(only)} alone, and this process runs on {Named(host.Processor)}. Take the plugin's build for this machine, or one for any processor."
        : null;

    private static string Named(Machine machine) => machine switch
    {
        Machine.Amd64 => "x64",
        Machine.I386 => "x86",
        Machine.Arm64 => "arm64",
        Machine.Arm or Machine.ArmThumb2 or Machine.Thumb => "arm",
        _ => machine.ToString(),
    };
}

/// <summary>
/// Which versions of the contracts a plugin may have been built against. The range is by semantic versioning:
/// not newer than the host's; from 1.0 on of the host's major version; and while the major version is 0, when a minor
/// version may break the contracts, not older than <see cref="OldestOfZero"/>, which such a break moves up.
/// </summary>
/// <remarks>docs/adr/0003 says why the floor is named rather than every 0.y taken for a break.</remarks>
internal static class ContractVersions
{
    /// <summary>The oldest 0.y whose plugins still work: nothing that 0.0 had has been taken away since.</summary>
    public static Version OldestOfZero { get; } = new(0, 0);

    /// <summary>The oldest version that fits a host.</summary>
    public static Version OldestFor(Version host) => host.Major == 0 ? OldestOfZero : new Version(host.Major, 0);

    public static bool IsTooNew(Version builtAgainst, Version host) => builtAgainst > host;

    public static bool IsTooOld(Version builtAgainst, Version host) => builtAgainst < OldestFor(host);
}
