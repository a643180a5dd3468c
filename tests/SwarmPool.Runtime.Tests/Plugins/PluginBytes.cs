using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>Makes a built plugin into one with another fault, by a few bytes of its file.</summary>
internal static class PluginBytes
{
    public static void ForProcessor(string path, Machine machine) => Change(path, (image, _, bytes) =>
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(image.PEHeaders.CoffHeaderStartOffset), (ushort)machine));

    public static void ForX86Alone(string path) => Change(path, (image, _, bytes) =>
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(image.PEHeaders.CorHeaderStartOffset + 16), (int)(CorFlags.ILOnly | CorFlags.Requires32Bit)));

    /// <summary>Takes the pointer to its metadata away: what is left is a native image.</summary>
    public static void WithoutMetadata(string path) => Change(path, (image, _, bytes) =>
    {
        var directories = image.PEHeaders.PEHeaderStartOffset + (image.PEHeaders.PEHeader!.Magic == PEMagic.PE32Plus ? 112 : 96);
        bytes.AsSpan(directories + (14 * 8), 8).Clear();
    });

    /// <summary>Lets it refer to another version of an assembly.</summary>
    public static void Reference(string path, string name, Version version) => Change(path, (image, metadata, bytes) =>
    {
        var handle = metadata.AssemblyReferences.First(one => metadata.StringComparer.Equals(metadata.GetAssemblyReference(one).Name, name));
        var row = image.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef)
            + ((MetadataTokens.GetRowNumber(handle) - 1) * metadata.GetTableRowSize(TableIndex.AssemblyRef));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(row), (ushort)version.Major);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(row + 2), (ushort)version.Minor);
    });

    private static void Change(string path, Action<PEReader, MetadataReader, byte[]> change)
    {
        var bytes = File.ReadAllBytes(path);
        using (var image = new PEReader(new MemoryStream((byte[])bytes.Clone())))
        {
            change(image, image.GetMetadataReader(), bytes);
        }

        File.WriteAllBytes(path, bytes);
    }
}
