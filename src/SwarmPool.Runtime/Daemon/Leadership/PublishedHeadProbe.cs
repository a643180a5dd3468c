using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Leadership;

/// <summary>
/// The state that the pool published last, as far as it can be known here: what its pointer names, and what was heard while this daemon stood
/// by. A leader may be gone with the node that holds its last state; who heard that state need not look for it.
/// </summary>
internal sealed class PublishedHeadProbe(
    ITransport transport, ContentReader content, SignerCheck signers, EnsName pool, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>What tells of nearly every commit, and of each by which somebody is paid.</summary>
    private static readonly string[] Saying =
    [
        Topics.State, SnapshotTypes.JobsNew, SnapshotTypes.ClaimsAccepted, SnapshotTypes.ProofsAccepted, SnapshotTypes.MinersJoined, SnapshotTypes.EpochsOpened, SnapshotTypes.EpochsSealed,
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ILogger logger = loggers.CreateLogger<PublishedHeadProbe>();
    private readonly PoolListener listener = new(transport, content, signers, pool, time, loggers.CreateLogger<PoolListener>());
    private readonly CancellationTokenSource ending = new();
    private Task listening = Task.CompletedTask;
    private JournalHead announced = JournalHead.Empty;

    /// <summary>The last record that the pool is known here to have signed, by a state or an announcement; <see cref="JournalHead.Empty"/> when none is.</summary>
    public JournalHead Signed
    {
        get
        {
            var said = Volatile.Read(ref announced);
            return listener.Newest is { } state && state.Sequence >= said.Sequence ? Head(state.Sequence, state.JournalHead) : said;
        }
    }

    /// <summary>From now on what the pool publishes is heard. Called once.</summary>
    public void Listen() => listening = ListenAsync(ending.Token);

    /// <summary>Looks where the pool's pointer leads, unless that is at hand.</summary>
    /// <returns>The newest state that the pool has signed; null when none is known or available.</returns>
    /// <exception cref="TransportException">The pointer can't be asked for.</exception>
    public async ValueTask<PoolStateSnapshot?> FindAsync(CancellationToken cancellationToken)
    {
        if (listening.IsFaulted)
        {
            await listening;
        }

        await LookAsync(cancellationToken);
        return listener.Newest;
    }

    /// <summary>Hears no longer.</summary>
    public Task EndAsync() => ending.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();

        // Whoever asked was told what made it fail; who did not ask ends for another reason.
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
                var hearing = await listener.StartAsync(Saying, life.Token);
                await Loops.RunWhileAsync(FollowAsync(life.Token), [hearing], life);
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

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken); // What was published before anybody listened here.
        while (await listener.Heard.WaitToReadAsync(cancellationToken))
        {
            // The listener itself keeps the newest state. An announcement tells of a commit a moment after it, and names its last record.
            if (listener.Heard.TryRead(out var heard) && heard.Body is Announcement { JournalHead: { } head } said && said.ToSequence > Volatile.Read(ref announced).Sequence)
            {
                Volatile.Write(ref announced, Head(said.ToSequence, head));
            }
        }
    }

    private static JournalHead Head(long sequence, string hash) => new(sequence, Convert.FromHexString(hash));

    // Anybody may have set the pointer: what is not ours says nothing about us, and leads no further.
    private async ValueTask LookAsync(CancellationToken cancellationToken)
    {
        if (await transport.Content.ResolveAsync(Topics.StatePointer(pool), cancellationToken) is not { } cid || cid == listener.NewestSigned?.Cid)
        {
            return;
        }

        await listener.FetchAsync(cid, SnapshotTypes.State, Patience, cancellationToken); // The listener keeps it, if it is the newest.
    }
}
