using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Messaging;

/// <summary>
/// Sends signed snapshots to the pool. Delivery may fail in every way, so a sender repeats the same bytes, with backoff,
/// until it sees its answer.
/// </summary>
internal sealed class RetryingSender(ITransport transport, EnsName pool, TimeProvider time, ILogger<RetryingSender> logger)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>Stores the snapshot and sends it once; what goes wrong is the caller's to repeat.</summary>
    /// <exception cref="TransportException">The transport can't take it now.</exception>
    public async ValueTask SendAsync(SignedSnapshot snapshot, CancellationToken cancellationToken)
    {
        var message = MessageForm.Of(snapshot);
        if (!MessageForm.Travels(snapshot))
        {
            await transport.Content.PutAsync(snapshot.Bytes, cancellationToken);
        }

        await transport.PubSub.PublishAsync(Topics.Of(pool, Topics.Inbound(snapshot.Body.Type)), message, cancellationToken);
    }

    /// <summary>Sends the same bytes again and again until <paramref name="answered"/> completes (its failure is thrown) or the token is cancelled.</summary>
    public async Task SendUntilAsync(SignedSnapshot snapshot, Task answered, CancellationToken cancellationToken)
    {
        var wait = FirstWait;
        while (!answered.IsCompleted)
        {
            try
            {
                await SendAsync(snapshot, cancellationToken);
            }
            catch (TransportException e)
            {
                MessagingLog.SendFailed(logger, snapshot.Body.Type, e.Message);
            }

            try
            {
                await answered.WaitAsync(wait, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The wait's, even when the answer comes at the same moment; or the answer's own failure, which is thrown below.
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }

        await answered;
    }
}
