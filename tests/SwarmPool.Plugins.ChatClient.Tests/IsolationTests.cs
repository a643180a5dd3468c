using System.Reflection;
using McMaster.NETCore.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Tests.Support;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;

namespace SwarmPool.Plugins.ChatClient.Tests;

public sealed class IsolationTests
{
    private static readonly string PluginFolder = Path.Combine(Places.Root, "artifacts", "bin", "SwarmPool.Plugins.ChatClient", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task Loaded_from_its_folder_it_has_its_own_clients(string kind)
    {
        using var loader = PluginLoader.CreateFromAssemblyFile(Path.Combine(PluginFolder, "SwarmPool.Plugins.ChatClient.dll"), static config =>
        {
            config.PreferSharedTypes = false;
            foreach (var name in SharedContracts.Names)
            {
                config.SharedAssemblies.Add(new AssemblyName(name));
            }
        });
        var entry = loader.LoadDefaultAssembly().GetCustomAttribute<SwarmPoolPluginAttribute>()!.PluginType;
        Assert.NotEqual(typeof(ChatClientPlugin), entry); // Not the copy that the tests use.

        await using var server = new ScriptedServer(exchange => kind == "openai" ? exchange.SayAsync("from ", "afar") : exchange.SayAsOllamaAsync("from ", "afar"));
        await using var models = new TestModels(server.Url, kind).CountBytes();
        models.Write();
        var builder = new TestBuilder(models.Folder);
        var section = new ConfigurationBuilder().AddInMemoryCollection([new("chat:models", models.Folder)]).Build().GetSection("chat");
        ((ISwarmPoolPlugin)Activator.CreateInstance(entry)!).Configure(builder, section);
        await using var backend = builder.Build();
        var result = await backend.RunAsync(new(TestModels.Model, TestModels.Chat, """{"messages":[{"role":"user","content":"x"}]}"""u8.ToArray()), null, default);

        Assert.Equal("""{"finish":"stop","text":"from afar","usage":{"input_bytes":1,"input_tokens":1,"output_bytes":9,"output_tokens":9}}""", System.Text.Encoding.UTF8.GetString(result.Output.Span));
    }

    /// <summary>As a miner does it: looked at first, then loaded, and called from behind the host's gates.</summary>
    [Fact]
    public async Task A_host_takes_it_from_a_plugins_folder_and_streams_through_it()
    {
        const string Name = "SwarmPool.Plugins.ChatClient";
        Assert.Empty(PluginInventory.Inspect(Name, PluginFolder).Problems);
        await using var server = new ScriptedServer(static exchange => exchange.SayAsync("from ", "afar"));
        await using var models = new TestModels(server.Url).CountBytes();
        models.Write();
        var plugins = Directory.CreateTempSubdirectory("swarmpool-plugins-");
        var folder = plugins.CreateSubdirectory(Name).FullName;
        foreach (var file in Directory.GetFiles(PluginFolder))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var builder = SwarmPoolBuilder.Create(
            new ConfigurationBuilder().AddInMemoryCollection([new("plugins:folder", plugins.FullName), new($"plugins:use:{Name}:models", models.Folder)]).Build(), plugins.FullName);
        builder.UsePlugins(new PluginCatalog());
        using (var host = builder.Build())
        {
            var request = new InferenceRequest(TestModels.Model, TestModels.Chat, """{"messages":[{"role":"user","content":"x"}]}"""u8.ToArray());
            var text = "";
            await foreach (var chunk in host.Services.GetRequiredService<IInferenceBackend>().StreamAsync(request, null, default))
            {
                text += System.Text.Encoding.UTF8.GetString(chunk.Delta.Span);
            }

            Assert.Equal("from afar", text);
        }

        plugins.Delete(recursive: true);
    }

    [Fact]
    public void The_folder_holds_no_shared_assembly()
    {
        var files = Directory.GetFiles(PluginFolder, "*.dll").Select(static file => Path.GetFileNameWithoutExtension(file)).ToList();

        Assert.Contains("Microsoft.Extensions.AI.OpenAI", files);
        Assert.Empty(files.Intersect(SharedContracts.Names, StringComparer.Ordinal));
        Assert.InRange(Directory.GetFiles(PluginFolder).Sum(static file => new FileInfo(file).Length), 1, 16 * 1024 * 1024);
    }
}
