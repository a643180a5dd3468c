using System.Reflection;
using System.Reflection.Metadata;
using SwarmPool.Plugins;

namespace SwarmPool.Runtime.Plugins.Preflight;

/// <summary>Finds the entry point that an assembly's attribute names, and tells whether it can be one.</summary>
internal static class EntryPointReader
{
    // A chain of base types that is longer, or a circle, is not one that a compiler makes.
    private const int MaxDepth = 64;

    public static EntryPoint Read(MetadataReader metadata)
    {
        foreach (var handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
        {
            var attribute = metadata.GetCustomAttribute(handle);
            if (IsMark(metadata, attribute.Constructor))
            {
                var name = TypeNameIn(metadata.GetBlobReader(attribute.Value));
                return new EntryPoint(true, name, FaultOf(metadata, name));
            }
        }

        return EntryPoint.None;
    }

    private static bool IsMark(MetadataReader metadata, EntityHandle constructor) =>
        constructor.Kind == HandleKind.MemberReference
        && metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } parent
        && IsOfContract(metadata, (TypeReferenceHandle)parent, nameof(SwarmPoolPluginAttribute));

    // The one argument is a type: its name as a string, after a prolog of two bytes.
    private static string TypeNameIn(BlobReader value) => value.ReadUInt16() == 1 ? value.ReadSerializedString() ?? "" : "";

    private static string? FaultOf(MetadataReader metadata, string name)
    {
        if (name.Contains(',', StringComparison.Ordinal))
        {
            return "it is in another assembly";
        }

        var handle = metadata.TypeDefinitions.FirstOrDefault(one => FullName(metadata, one) == name);
        if (handle.IsNil)
        {
            return "there is no such type in the assembly";
        }

        var type = metadata.GetTypeDefinition(handle);
        return type.Attributes.HasFlag(TypeAttributes.Interface) ? "it is an interface"
            : type.Attributes.HasFlag(TypeAttributes.Abstract) ? "it is abstract or static"
            : type.GetGenericParameters().Count > 0 ? "it is generic"
            : !HasConstructor(metadata, type) ? "it has no public constructor without parameters"
            : Implements(metadata, handle, MaxDepth) == false ? $"it does not implement {nameof(ISwarmPoolPlugin)}"
            : null;
    }

    private static string FullName(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = metadata.GetString(type.Name);
        if (!type.GetDeclaringType().IsNil)
        {
            return $"{FullName(metadata, type.GetDeclaringType())}+{name}";
        }

        return type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    private static bool HasConstructor(MetadataReader metadata, TypeDefinition type) =>
        type.GetMethods().Select(metadata.GetMethodDefinition).Any(method =>
            (method.Attributes & (MethodAttributes.MemberAccessMask | MethodAttributes.Static)) == MethodAttributes.Public
            && metadata.StringComparer.Equals(method.Name, ".ctor")
            && TakesNothing(metadata.GetBlobReader(method.Signature)));

    private static bool TakesNothing(BlobReader signature)
    {
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger() == 0;
    }

    /// <summary>Null when a type of another assembly decides: what that one is can't be told here, and is asked once it is loaded.</summary>
    private static bool? Implements(MetadataReader metadata, EntityHandle handle, int depth)
    {
        if (handle.IsNil || depth == 0)
        {
            return false;
        }

        if (handle.Kind == HandleKind.TypeReference)
        {
            return IsOfContract(metadata, (TypeReferenceHandle)handle, nameof(ISwarmPoolPlugin)) ? true
                : IsOfFramework(metadata, (TypeReferenceHandle)handle) ? false : null;
        }

        if (handle.Kind != HandleKind.TypeDefinition)
        {
            return null;
        }

        var type = metadata.GetTypeDefinition((TypeDefinitionHandle)handle);
        var above = type.GetInterfaceImplementations().Select(one => metadata.GetInterfaceImplementation(one).Interface).Append(type.BaseType)
            .Select(one => Implements(metadata, one, depth - 1)).ToList();
        return above.Contains(true) ? true : above.Contains(null) ? null : false;
    }

    private static bool IsOfContract(MetadataReader metadata, TypeReferenceHandle handle, string name)
    {
        var type = metadata.GetTypeReference(handle);
        return metadata.StringComparer.Equals(type.Name, name)
            && metadata.StringComparer.Equals(type.Namespace, typeof(ISwarmPoolPlugin).Namespace!)
            && AssemblyOf(metadata, type) == SharedContracts.Contract;
    }

    private static bool IsOfFramework(MetadataReader metadata, TypeReferenceHandle handle) =>
        AssemblyOf(metadata, metadata.GetTypeReference(handle)) is { } assembly
        && (assembly.StartsWith("System.", StringComparison.Ordinal) || assembly is "mscorlib" or "netstandard");

    private static string? AssemblyOf(MetadataReader metadata, TypeReference type) => type.ResolutionScope.Kind == HandleKind.AssemblyReference
        ? metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)
        : null;
}

/// <summary>What an assembly says of its entry point.</summary>
/// <param name="IsMarked">Whether it has the attribute that makes it a plugin.</param>
/// <param name="TypeName">The type that the attribute names, as it is written there.</param>
/// <param name="Fault">What is wrong with that type; null when it will do.</param>
internal sealed record EntryPoint(bool IsMarked, string TypeName, string? Fault)
{
    public static EntryPoint None { get; } = new(false, "", null);
}
