using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Starts the role instances of a host before anything else of it starts, in their order, and stops them after everything else, in the
/// reverse order: whoever uses a client finds it started, whenever it was added. An instance that ends by itself stops the host.
/// </summary>
internal sealed class RoleInstancesService(RoleInstances instances, IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    private readonly Stack<(IHost Host, CancellationTokenRegistration Ending)> started = [];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var host in instances.Hosts)
        {
            var ending = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(lifetime.StopApplication);
            started.Push((host, ending));
            try
            {
                await host.StartAsync(cancellationToken);
            }
            catch
            {
                // What has started ends in good order; why this one did not start is what is thrown, whatever else fails now.
                await StopAllAsync(CancellationToken.None);
                throw;
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        var faults = await StopAllAsync(cancellationToken);
        if (faults.Count == 1)
        {
            ExceptionDispatchInfo.Throw(faults[0]);
        }

        if (faults.Count > 1)
        {
            throw new AggregateException(faults);
        }
    }

    // One that fails to stop holds up no other.
    private async Task<IReadOnlyList<Exception>> StopAllAsync(CancellationToken cancellationToken)
    {
        var faults = new List<Exception>();
        while (started.TryPop(out var one))
        {
            await one.Ending.DisposeAsync();
            try
            {
                await one.Host.StopAsync(cancellationToken);
            }
            catch (Exception fault)
            {
                faults.Add(fault);
            }
        }

        return faults;
    }
}
