using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;

namespace SwarmPool.Demo;

/// <summary>Composes the parties as their own programs would: a configuration that names plugin folders, and a role.</summary>
internal sealed class DemoHosts(string root)
{
    // All parties are in one process here, so they load each plugin once and meet on its in-process hub.
    private readonly PluginCatalog catalog = new();

    public SwarmPoolBuilder Party(ISigner signer, params string[] plugins)
    {
        var settings = new Dictionary<string, string?>
        {
            ["plugins:use:SwarmPool.Plugins.Embedded:transport"] = "hub",
            ["plugins:use:SwarmPool.Plugins.Embedded:hub"] = root,
        };
        if (plugins.Contains("SwarmPool.Plugins.Onnx"))
        {
            settings["plugins:use:SwarmPool.Plugins.Onnx:models"] = Path.Combine(AppContext.BaseDirectory, "models");
            settings["plugins:use:SwarmPool.Plugins.Onnx:device"] = "auto";
        }

        if (plugins.Contains("SwarmPool.Plugins.Llama"))
        {
            settings["plugins:use:SwarmPool.Plugins.Llama:models"] = Path.Combine(AppContext.BaseDirectory, "language-models");
        }

        if (plugins.Contains("SwarmPool.Plugins.Settlement7525"))
        {
            settings["plugins:use:SwarmPool.Plugins.Settlement7525"] = null;
        }

        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), root);
        builder.Services.AddSingleton(signer);
        builder.UsePlugins(catalog);
        return builder;
    }
}
