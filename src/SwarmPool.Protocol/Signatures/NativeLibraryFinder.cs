using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;

namespace SwarmPool.Protocol.Signatures;

/// <summary>Looks for libsecp256k1 under the names that systems give it.</summary>
internal static class NativeLibraryFinder
{
    private static readonly string[] Names =
    [
        "libsecp256k1.so.2", "libsecp256k1.so.5", "libsecp256k1.so.1", "libsecp256k1.so.0", "libsecp256k1.so",
        "libsecp256k1.dylib", "libsecp256k1.2.dylib", "secp256k1.dll", "libsecp256k1.dll",
    ];

    /// <summary>Loads the first that has the recovery module; on false <paramref name="why"/> says what was found instead.</summary>
    public static bool TryLoad(out nint library, out string name, [NotNullWhen(false)] out string? why)
    {
        why = "libsecp256k1 is not installed";
        foreach (var candidate in Names)
        {
            if (!NativeLibrary.TryLoad(candidate, Assembly.GetExecutingAssembly(), DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories, out library))
            {
                continue;
            }

            if (NativeLibrary.TryGetExport(library, "secp256k1_ecdsa_recover", out _))
            {
                name = candidate;
                why = null;
                return true;
            }

            NativeLibrary.Free(library);
            why = $"{candidate} was built without its recovery module";
        }

        library = 0;
        name = "";
        return false;
    }
}
