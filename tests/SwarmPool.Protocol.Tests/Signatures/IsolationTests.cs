using System.Reflection;
using McMaster.NETCore.Plugins;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Protocol.Tests.Signatures;

public sealed class IsolationTests
{
    [Fact]
    public void In_a_folder_and_a_load_context_of_its_own_it_finds_its_own_native_library()
    {
        // As a plugin that carries its own SwarmPool.Protocol lies in an operator's plugins folder.
        var folder = Directory.CreateTempSubdirectory("swarmpool-protocol-").FullName;
        Copy(AppContext.BaseDirectory, folder);
        using (var loader = PluginLoader.CreateFromAssemblyFile(Path.Combine(folder, "SwarmPool.Protocol.Tests.dll"), static config => config.PreferSharedTypes = false))
        {
            var engines = loader.LoadAssembly(new AssemblyName("SwarmPool.Protocol")).GetType(typeof(SignatureEngines).FullName!, throwOnError: true)!;
            Assert.NotEqual(typeof(SignatureEngines), engines);
            Assert.StartsWith("Signatures by libsecp256k1", (string)engines.GetProperty(nameof(SignatureEngines.Description))!.GetValue(null)!, StringComparison.Ordinal);
            if (OperatingSystem.IsLinux())
            {
                Assert.Contains(File.ReadLines("/proc/self/maps"), line => line.Contains(folder, StringComparison.Ordinal) && line.EndsWith("/libsecp256k1.so", StringComparison.Ordinal));
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            Directory.Delete(folder, recursive: true); // Windows keeps what is loaded.
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(static file => file.EndsWith(".dll", StringComparison.Ordinal)
            || file.EndsWith(".deps.json", StringComparison.Ordinal) || file.Contains($"{Path.DirectorySeparatorChar}native{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
