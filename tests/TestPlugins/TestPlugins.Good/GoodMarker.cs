using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TestPlugins.Good;

internal sealed class GoodMarker(IOptions<GoodOptions> options, ILogger<GoodMarker> logger, IMeterFactory meters) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var own = options.Value;
        meters.Create("TestPlugins.Good").CreateCounter<int>("good.starts").Add(1);
        logger.LogInformation("The good plugin's service starts with {Percent} percent", own.SharePercent);
        if (own.MarkerFile.Length > 0)
        {
            await File.WriteAllTextAsync(own.MarkerFile, "started", cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
