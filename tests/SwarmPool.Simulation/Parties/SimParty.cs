using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Simulation.Engine;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Parties;

/// <summary>A role in a process of its own: composed by the builder as anybody composes it, started and stopped on the pump.</summary>
internal sealed class SimParty
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IHost? host;

    private SimParty(SimProcess process, SimLog log)
    {
        Process = process;
        Log = log;
    }

    public SimLog Log { get; }

    public SimProcess Process { get; }

    public IServiceProvider Services => host!.Services;

    /// <summary>Ends when the process does: killed, failed to start, or stopped.</summary>
    public Task Ended => ended.Task;

    /// <summary>Why it ended by itself, if it did.</summary>
    public Exception? Fault { get; private set; }

    public bool IsStarted { get; private set; }

    public bool WasKilled { get; private set; }

    public static SimParty Create(SimProcess process, string nonces, ISigner signer, IIdentityProvider names, ITransport transport, SimLog log, Action<SwarmPoolBuilder> compose)
    {
        var party = new SimParty(process, log);
        var builder = SwarmPoolBuilder.Create(baseDirectory: "/");
        builder.Services.AddSingleton<TimeProvider>(process.Time);
        builder.Services.AddSingleton(new SwarmPoolSchedulers(process.Scheduler, process.Scheduler));
        builder.Services.AddSingleton(signer);
        builder.Services.AddSingleton<INonceSource>(new SimNonces(nonces));
        builder.Services.AddSingleton<ILoggerProvider>(log);
        builder.Logging.SetMinimumLevel(LogLevel.Information);

        builder.Fill("the simulated network", _ => transport);
        builder.Fill("the simulated names", _ => names);
        compose(builder);
        party.host = builder.Build();
        return party;
    }

    /// <summary>Starts the role; false when it could not.</summary>
    public async Task<bool> StartAsync()
    {
        host!.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => ended.TrySetResult());
        var starting = Process.RunAsync(async () =>
        {
            foreach (var service in host.Services.GetServices<IHostedService>())
            {
                if (service is IHostedLifecycleService early)
                {
                    await early.StartingAsync(CancellationToken.None);
                }

                await service.StartAsync(CancellationToken.None);
            }
        });
        await Task.WhenAny(starting, ended.Task);
        if (starting.IsFaulted)
        {
            Fault = starting.Exception.InnerException;
            Process.Kill();
            ended.TrySetResult();
        }

        IsStarted = starting.IsCompletedSuccessfully;
        return IsStarted && !ended.Task.IsCompleted;
    }

    public async Task StopAsync() => await Process.RunAsync(async () =>
    {
        foreach (var service in host!.Services.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(CancellationToken.None);
        }

        ended.TrySetResult();
    });

    public void Kill()
    {
        WasKilled = true;
        Process.Kill();
        ended.TrySetResult();
    }
}
