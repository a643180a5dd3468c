using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Runtime.Keys.Remote;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Starts a remote signer before anything that signs; a key in this process needs no start.</summary>
/// <remarks>Thread-safe. Whoever needs the signer's account earlier starts it earlier: it is started once.</remarks>
internal sealed class SignerService(ISigner signer) : IHostedLifecycleService
{
    private readonly Lock gate = new();
    private Task? started;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return started ??= signer is RemoteSigner remote ? remote.StartAsync(cancellationToken).AsTask() : Task.CompletedTask;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
