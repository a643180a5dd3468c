using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace SwarmPool.Runtime.Plugins.Preflight;

/// <summary>What an assembly's file says of itself, read as data: nothing of it is loaded, nothing runs.</summary>
/// <param name="Processor">The processor that it is for; null for any.</param>
/// <param name="Version">Its version.</param>
/// <param name="References">The assemblies that it refers to.</param>
/// <param name="Entry">What it says of a plugin's entry point.</param>
internal sealed record PluginImage(Machine? Processor, Version Version, ImmutableArray<(string Name, Version Version)> References, EntryPoint Entry)
{
    private const long MaxBytes = 512L * 1024 * 1024;

    // A precompiled image's machine is combined with its system's number: Linux, macOS, FreeBSD, NetBSD, SunOS.
    private static readonly int[] Systems = [0, 0x7B79, 0x4644, 0xADC4, 0x1993, 0x1992];

    /// <summary>Reads a file.</summary>
    /// <returns>What it says; null when it is no .NET assembly, and then why not.</returns>
    public static (PluginImage? Image, string WhyNot) Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes)
            {
                return (null, $"it has more than {MaxBytes} bytes");
            }

            using var image = new PEReader(file, PEStreamOptions.PrefetchMetadata);
            if (!image.HasMetadata || image.PEHeaders.CorHeader is not { } cor)
            {
                return (null, "it is native code");
            }

            var metadata = image.GetMetadataReader();
            return metadata.IsAssembly
                ? (new PluginImage(ProcessorOf(image.PEHeaders.CoffHeader.Machine, cor.Flags), metadata.GetAssemblyDefinition().Version, ReferencesOf(metadata), EntryPointReader.Read(metadata)), "")
                : (null, "it is a module without an assembly");
        }
        catch (Exception broken) when (broken is BadImageFormatException or InvalidOperationException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            return (null, broken.Message.TrimEnd('.'));
        }
    }

    private static Machine? ProcessorOf(Machine machine, CorFlags flags)
    {
        var plain = Systems.Select(system => (Machine)((int)machine ^ system)).FirstOrDefault(Enum.IsDefined, machine);
        var any = plain == Machine.I386 && flags.HasFlag(CorFlags.ILOnly) && (!flags.HasFlag(CorFlags.Requires32Bit) || flags.HasFlag(CorFlags.Prefers32Bit));
        return any ? null : plain;
    }

    private static ImmutableArray<(string Name, Version Version)> ReferencesOf(MetadataReader metadata) =>
        [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference).Select(reference => (metadata.GetString(reference.Name), reference.Version))];
}
