using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using SwarmPool.Plugins;

namespace SwarmPool.Runtime.Plugins.Preflight;

/// <summary>What a plugin has to fit: this process's processor, and the versions of what it shares.</summary>
/// <param name="Processor">The processor that code has to be for.</param>
/// <param name="Contract">The contracts' version.</param>
/// <param name="Shared">The shared assemblies' versions, by name.</param>
internal sealed record PreflightHost(Machine Processor, Version Contract, IReadOnlyDictionary<string, Version> Shared)
{
    private static readonly Lazy<PreflightHost> Own = new(Read);

    /// <summary>This process.</summary>
    public static PreflightHost Current => Own.Value;

    private static PreflightHost Read()
    {
        // By name from the host's own context: nothing of any plugin is looked at here.
        var shared = SharedContracts.Names.ToDictionary(name => name, name => VersionOf(Assembly.Load(new AssemblyName(name))), StringComparer.OrdinalIgnoreCase);
        return new PreflightHost(OfProcess(), VersionOf(typeof(ISwarmPoolPlugin).Assembly), shared);
    }

    private static Version VersionOf(Assembly assembly) => assembly.GetName().Version ?? new Version(0, 0);

    private static Machine OfProcess() => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => Machine.Amd64,
        Architecture.X86 => Machine.I386,
        Architecture.Arm64 => Machine.Arm64,
        Architecture.Arm => Machine.ArmThumb2,
        _ => Machine.Unknown,
    };
}
