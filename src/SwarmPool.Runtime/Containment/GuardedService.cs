using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Containment;

/// <summary>
/// A plugin's hosted service behind a gate of its own. One that can't start fails the host's start in the plugin's name;
/// what it throws or leaves hanging later is contained and counted, and the host goes on without it.
/// </summary>
internal sealed class GuardedService(IHostedService inner, PluginPlace place, PluginFaults faults, TimeProvider time) : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private readonly PluginGate gate = new(
        place, faults, time, static _ => false, static (message, cause) => new SwarmPoolException(ErrorCodes.PluginFault, message, cause));

    private string Name => inner.GetType().Name;

    /// <summary>Puts each hosted service that was registered from <paramref name="first"/> on behind a gate.</summary>
    public static void Guard(IServiceCollection services, int first, string plugin)
    {
        var place = new PluginPlace(plugin, PluginPlace.HostedService);
        for (var i = first; i < services.Count; i++)
        {
            if (services[i] is { ServiceType: var type, IsKeyedService: false } own && type == typeof(IHostedService))
            {
                services[i] = ServiceDescriptor.Singleton<IHostedService>(p => new GuardedService(
                    Make(p, own, place, p.GetRequiredService<PluginFaults>().Secrets), place, p.GetRequiredService<PluginFaults>(), p.GetRequiredService<TimeProvider>()));
            }
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => inner is IHostedLifecycleService own ? Started(nameof(StartingAsync), own.StartingAsync, cancellationToken) : Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Started(nameof(StartAsync), inner.StartAsync, cancellationToken);
        if (inner is BackgroundService { ExecuteTask: { } running })
        {
            _ = WatchAsync(running); // The host watches only services that it knows as such.
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => inner is IHostedLifecycleService own ? Started(nameof(StartedAsync), own.StartedAsync, cancellationToken) : Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => inner is IHostedLifecycleService own ? Stopped(nameof(StoppingAsync), own.StoppingAsync, cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Stopped(nameof(StopAsync), inner.StopAsync, cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => inner is IHostedLifecycleService own ? Stopped(nameof(StoppedAsync), own.StoppedAsync, cancellationToken) : Task.CompletedTask;

    public ValueTask DisposeAsync() => gate.EndAsync($"{Name}.{nameof(DisposeAsync)}", inner);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static IHostedService Make(IServiceProvider services, ServiceDescriptor own, PluginPlace place, Redactor secrets)
    {
        try
        {
            return (IHostedService)(own.ImplementationInstance
                ?? own.ImplementationFactory?.Invoke(services)
                ?? ActivatorUtilities.CreateInstance(services, own.ImplementationType!));
        }
        catch (Exception thrown) when (thrown is not SwarmPoolException and not Microsoft.Extensions.Options.OptionsValidationException)
        {
            throw new SwarmPoolException(ErrorCodes.PluginConfigureFailed, $"{place}: its service could not be made: {thrown.GetType().Name}: {secrets.Clean(thrown.Message)} Check its section of the configuration; if that is right, it is a fault of the plugin.", secrets.Clean(thrown));
        }
    }

    private Task Started(string phase, Func<CancellationToken, Task> start, CancellationToken cancellationToken) => gate.CallAsync(
        $"{Name}.{phase}", start, static (s, stop) => new ValueTask(s(stop)), cancellationToken).AsTask();

    private async Task Stopped(string phase, Func<CancellationToken, Task> stop, CancellationToken cancellationToken)
    {
        try
        {
            await Started(phase, stop, cancellationToken);
        }
        catch (SwarmPoolException)
        {
            return; // Counted and logged by the gate: one plugin's end must not keep the others from theirs.
        }
    }

    private async Task WatchAsync(Task running)
    {
        try
        {
            await running;
        }
        catch (OperationCanceledException) when (running.IsCanceled)
        {
            return; // It was told to stop.
        }
        catch (Exception thrown)
        {
            gate.Threw($"{Name}.ExecuteAsync", thrown);
        }
    }
}
