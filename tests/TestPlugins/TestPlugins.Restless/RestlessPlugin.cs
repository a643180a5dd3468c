using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Plugins;
using TestPlugins.Restless;

[assembly: SwarmPoolPlugin(typeof(RestlessPlugin))]

namespace TestPlugins.Restless;

/// <summary>Its service throws in the phase that its section names: "start", "work" or "stop".</summary>
public sealed class RestlessPlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section)
    {
        var phase = section["throws_at"] ?? "";
        builder.Services.AddHostedService(_ => new RestlessService(phase));
    }
}

internal sealed class RestlessService(string phase) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken) =>
        phase == "start" ? throw new InvalidOperationException("no rest at the start.") : base.StartAsync(cancellationToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (phase == "stop")
        {
            throw new InvalidOperationException("no rest at the end.");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (phase == "work")
        {
            throw new InvalidOperationException("no rest at work.");
        }
    }
}
