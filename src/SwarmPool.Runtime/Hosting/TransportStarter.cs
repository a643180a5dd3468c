using Microsoft.Extensions.Hosting;
using SwarmPool.Protocol.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Connects the transport before any role starts. It is the first hosted service, so the transport is also made first
/// and disposed last. It starts in the "starting" phase, which comes first even when services start concurrently.
/// </summary>
internal sealed class TransportStarter(ITransport transport, IEnumerable<SlotFilling> slots) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await transport.StartAsync(cancellationToken);
        }
        catch (TransportException fault)
        {
            var filledBy = slots.First(filling => filling.Contract == typeof(ITransport)).FilledBy;
            throw new SwarmPoolException(
                ErrorCodes.TransportUnavailable,
                $"{filledBy} could not connect: {fault.Message} Check that what it connects to runs and that its configuration names it rightly, then start again.",
                fault);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
