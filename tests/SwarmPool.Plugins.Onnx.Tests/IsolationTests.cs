using System.Diagnostics;
using System.Reflection;
using McMaster.NETCore.Plugins;
using Microsoft.Extensions.Configuration;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class IsolationTests
{
    private static readonly string PluginFolder = Path.Combine(Places.Root, "artifacts", "bin", "SwarmPool.Plugins.Onnx", Configuration);

    private static string Configuration => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>The build for GPUs, 310 MB of natives, under SWARMPOOL_FULL=1 alone.</summary>
    public static TheoryData<string> Flavors => Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1" ? ["cpu", "gpu"] : ["cpu"];

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task LoadedFromItsFolderItFindsItsOwnNativeLibrary(string flavor)
    {
        // Elsewhere than where it was built, as an operator's plugins folder is.
        var folder = Directory.CreateTempSubdirectory("swarmpool-plugin-");
        var built = flavor == "cpu" ? PluginFolder : await BuildAsync(flavor, folder.CreateSubdirectory("artifacts").FullName);
        foreach (var file in Directory.GetFiles(built))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }

        var shared = typeof(ISwarmPoolPlugin).Assembly;
        using var loader = PluginLoader.CreateFromAssemblyFile(Path.Combine(folder.FullName, "SwarmPool.Plugins.Onnx.dll"), config =>
        {
            config.PreferSharedTypes = false;
            config.SharedAssemblies.Add(shared.GetName());
            foreach (var name in shared.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)))
            {
                config.SharedAssemblies.Add(name);
            }
        });
        var assembly = loader.LoadDefaultAssembly();
        var entry = assembly.GetCustomAttribute<SwarmPoolPluginAttribute>()!.PluginType;
        Assert.NotEqual(typeof(OnnxPlugin), entry); // Not the copy that the tests use.

        var builder = new TestBuilder(Places.Root);
        ((ISwarmPoolPlugin)Activator.CreateInstance(entry)!).Configure(builder, new ConfigurationBuilder().Build().GetSection("onnx"));
        await using (var backend = builder.Build())
        {
            Assert.Contains("\"label\":\"8\"", (await backend.RunDigitsAsync(DigitPictures.Png(8, 8))).Text(), StringComparison.Ordinal);
            if ((await backend.DescribeAsync(default)).Devices[0].Kind == "cpu")
            {
                var why = Assert.Single(builder.Logs.Lines, static line => line.StartsWith("Models run on cpu: CUDA can't be used: ", StringComparison.Ordinal));
                Assert.Equal(flavor == "cpu", why.Contains("is a CPU build", StringComparison.Ordinal));
            }
        }

        var maps = OperatingSystem.IsLinux() ? File.ReadAllText("/proc/self/maps") : folder.FullName;
        Assert.Contains(OperatingSystem.IsLinux() ? Path.Combine(folder.FullName, "libonnxruntime.so") : folder.FullName, maps, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            folder.Delete(recursive: true); // Windows keeps what is loaded.
        }
    }

    private static async Task<string> BuildAsync(string flavor, string artifacts)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["build", Path.Combine(Places.Root, "plugins/SwarmPool.Plugins.Onnx/SwarmPool.Plugins.Onnx.csproj"), "-c", Configuration, "-v", "quiet", "-nologo", $"-p:OrtFlavor={flavor}", $"-p:ArtifactsPath={artifacts}"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var build = Process.Start(start)!;
        var said = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        Assert.True(build.ExitCode == 0, said);
        return Path.Combine(artifacts, "bin", "SwarmPool.Plugins.Onnx", Configuration);
    }

    [Fact]
    public void FolderHoldsOneSystemsNativesAndNoSharedAssembly()
    {
        var files = Directory.GetFiles(PluginFolder, "*", SearchOption.AllDirectories);
        Assert.InRange(files.Sum(file => new FileInfo(file).Length), 1, 64 * 1024 * 1024);
        Assert.DoesNotContain(files, file => Path.GetFileName(file) is "SwarmPool.Abstractions.dll" || Path.GetFileName(file).StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));
    }
}
