using System.Reflection;
using McMaster.NETCore.Plugins;
using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Llama.Tests;

public sealed class IsolationTests
{
    private static string PluginFolder { get; } = Path.Combine(Root(), "artifacts", "bin", "SwarmPool.Plugins.Llama", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));

    [Fact]
    public async Task Loaded_from_its_folder_it_finds_its_own_native_library()
    {
        // Elsewhere than where it was built, as an operator's plugins folder is.
        var folder = Directory.CreateTempSubdirectory("swarmpool-plugin-");
        foreach (var file in Directory.GetFiles(PluginFolder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder.FullName, Path.GetRelativePath(PluginFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var shared = typeof(ISwarmPoolPlugin).Assembly;
        using var loader = PluginLoader.CreateFromAssemblyFile(Path.Combine(folder.FullName, "SwarmPool.Plugins.Llama.dll"), config =>
        {
            config.PreferSharedTypes = false;
            config.SharedAssemblies.Add(shared.GetName());
            foreach (var name in shared.GetReferencedAssemblies().Where(static name => name.Name!.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)))
            {
                config.SharedAssemblies.Add(name);
            }
        });
        var entry = loader.LoadDefaultAssembly().GetCustomAttribute<SwarmPoolPluginAttribute>()!.PluginType;
        Assert.NotEqual(typeof(LlamaPlugin), entry); // Not the copy that the tests use.

        using var models = new TinyModels().Add();
        var builder = new TestBuilder(models.Folder);
        var section = new ConfigurationBuilder().AddInMemoryCollection([new("llama:models", "."), new("llama:threads", "1")]).Build().GetSection("llama");
        ((ISwarmPoolPlugin)Activator.CreateInstance(entry)!).Configure(builder, section);
        await using (var backend = builder.Build())
        {
            var tokens = await backend.TokensAsync();
            Assert.Equal(GgufWriter.Vocabulary, (await tokens.AfterAsync(1, 40, 41)).Length);

            // The numeric class names the version that was built against.
            var package = tokens.Description.Class.Runtime.Split('-', ' ')[1];
            Assert.Contains($"\"LLamaSharp/{package}\"", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "SwarmPool.Plugins.Llama.deps.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Contains(builder.Logs.Lines, line => line.StartsWith($"llama.cpp runs from {folder.FullName}", StringComparison.Ordinal));
        }

        if (!OperatingSystem.IsWindows())
        {
            folder.Delete(recursive: true); // Windows keeps what is loaded.
        }
    }

    [Fact]
    public void The_folder_holds_one_systems_natives_and_no_shared_assembly()
    {
        var files = Directory.GetFiles(PluginFolder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, static file => Path.GetFileName(file).Contains("ggml-cpu", StringComparison.Ordinal));
        Assert.InRange(files.Sum(static file => new FileInfo(file).Length), 1, 64 * 1024 * 1024);
        string[] ofTheHost = ["SwarmPool.Abstractions.dll", "Microsoft.Extensions.Logging.Abstractions.dll", "Microsoft.Extensions.DependencyInjection.Abstractions.dll", "Microsoft.Extensions.Options.dll", "Microsoft.Extensions.Configuration.Abstractions.dll"];
        Assert.Empty(files.Select(Path.GetFileName).Intersect(ofTheHost, StringComparer.Ordinal));
    }

    private static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "SwarmPool.Framework.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
    }
}
