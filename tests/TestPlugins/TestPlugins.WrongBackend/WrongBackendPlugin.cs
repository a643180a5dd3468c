using Microsoft.Extensions.Configuration;
using SwarmPool.Inference;
using SwarmPool.Plugins;
using TestPlugins.WrongBackend;

[assembly: SwarmPoolPlugin(typeof(WrongBackendPlugin))]

namespace TestPlugins.WrongBackend;

/// <summary>Runs two models, "mended" and "wrong": what goes wrong with the second its inputs say, or its section under "loading" and "making"; nothing at all where that says "mended".</summary>
public sealed class WrongBackendPlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section)
    {
        var (making, loading) = (section["making"], section["loading"]);
        Wrongs.AreOff = section["mended"] == "true";
        builder.Fill<IInferenceBackend>("Wrong backend", _ =>
        {
            if (making is not null)
            {
                Wrongs.Do(making);
            }

            return new WrongBackend(loading);
        });
    }
}
