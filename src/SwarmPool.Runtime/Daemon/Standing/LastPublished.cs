using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Standing;

/// <summary>
/// The state that the pool published last, as far as it can be known here: what its pointer names, and what was heard while this daemon stood
/// by. A leader may be gone with the node that holds its last state; who heard that state need not look for it.
/// </summary>
internal sealed class LastPublished(
    ITransport transport, ContentReader content, SignerCheck signers, EnsName pool, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource ending = new();
    private readonly ILogger logger = loggers.CreateLogger<LastPublished>();
    private Task listening = Task.CompletedTask;
    private SignedSnapshot? newest;

    /// <summary>From now on what the pool publishes is kept. Called once.</summary>
    public void Listen() => listening = ListenAsync(ending.Token);

    /// <summary>Ends the listening, and looks where the pool's pointer leads: no further than to what is at hand, where that is it.</summary>
    /// <returns>The newest state that the pool has signed; null when none is known, or none can be had.</returns>
    /// <exception cref="TransportException">The pointer can't be asked for.</exception>
    public async ValueTask<PoolStateSnapshot?> FindAsync(CancellationToken cancellationToken)
    {
        await ending.CancelAsync();
        await listening;
        await LookAsync(cancellationToken);
        return newest?.Body as PoolStateSnapshot;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();

        // Whoever asked for the state was told how it ended; who did not ask ends for another reason.
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        ending.Dispose();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var listener = new PoolListener(transport, content, signers, pool, time, loggers.CreateLogger<PoolListener>());
                var hearing = await listener.StartAsync([Topics.State], life.Token);
                await Loops.RunWhileAsync(KeepAsync(listener, life.Token), [hearing], life);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is TransportException or SwarmPoolException { Code: ErrorCodes.TransportUnavailable })
            {
                DaemonLog.StatesNotHeard(logger, e.Message);
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task KeepAsync(PoolListener listener, CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken); // What was published before anybody listened here.
            await foreach (var said in listener.Heard.ReadAllAsync(cancellationToken))
            {
                Keep(said);
            }
        }
        finally
        {
            while (listener.Heard.TryRead(out var said))
            {
                Keep(said); // What was heard last is what matters when the listening ends.
            }
        }
    }

    // Anybody may have set the pointer: what is not ours says nothing about us.
    private async ValueTask LookAsync(CancellationToken cancellationToken)
    {
        if (await transport.Content.ResolveAsync(Topics.StatePointer(pool), cancellationToken) is not { } cid || cid == newest?.Cid)
        {
            return;
        }

        var (bytes, missing) = await content.FetchAsync(cid, SnapshotCodec.MaxBytes, Patience, cancellationToken);
        if (missing is null
            && SnapshotCodec.TryDecode(bytes, out var snapshot, out _)
            && snapshot.Body is PoolStateSnapshot published
            && published.Pool == pool
            && (await signers.CheckAsync(snapshot, cancellationToken)).Refusal is null)
        {
            Keep(snapshot);
        }
    }

    private void Keep(SignedSnapshot said)
    {
        if (said.Body is PoolStateSnapshot state && (newest?.Body is not PoolStateSnapshot known || (state.Term, state.Sequence).CompareTo((known.Term, known.Sequence)) > 0))
        {
            newest = said;
        }
    }
}
