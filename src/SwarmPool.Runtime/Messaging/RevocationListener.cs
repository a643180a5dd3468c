using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Messaging;

/// <summary>
/// Hears which delegations a pool and this party itself take back, from the names themselves: a thief of the pool's session key would not
/// tell. Other names' are for the pool's rules; hearing them here would only cost look-ups.
/// </summary>
internal sealed class RevocationListener(
    ITransport transport, SignerCheck signers, DelegationCache delegations, EnsName pool, EnsName self, ILogger<RevocationListener> logger)
{
    /// <summary>Subscribes; the returned task runs until cancelled.</summary>
    public async ValueTask<Task> StartAsync(CancellationToken cancellationToken) =>
        ListenAsync(await transport.PubSub.SubscribeAsync(Topics.Of(pool, Topics.Revocations), cancellationToken), cancellationToken);

    private async Task ListenAsync(ISubscription subscription, CancellationToken cancellationToken)
    {
        await using (subscription)
        {
            await foreach (var message in subscription.ReadAllAsync(cancellationToken))
            {
                if (SnapshotCodec.TryDecode(message.Payload, out var snapshot, out _)
                    && snapshot.Body is RevocationSnapshot revocation
                    && (revocation.Name == pool || revocation.Name == self)
                    && revocation.Pool == pool
                    && revocation.Network == signers.Network)
                {
                    await HearAsync(snapshot, revocation, cancellationToken);
                }
            }
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            throw new SwarmPoolException(ErrorCodes.TransportUnavailable, $"The transport ended the subscription to {Topics.Revocations}; start again.");
        }
    }

    private async ValueTask HearAsync(SignedSnapshot snapshot, RevocationSnapshot revocation, CancellationToken cancellationToken)
    {
        if (delegations.IsRevoked(revocation.Name, revocation.Revokes))
        {
            return; // It is said again and again.
        }

        if ((await signers.CheckAsync(snapshot, cancellationToken)).Refusal is { } refusal)
        {
            MessagingLog.Dropped(logger, Topics.Revocations, refusal.ToString());
            return;
        }

        delegations.Revoke(revocation.Name, revocation.Revokes, revocation.Timestamp);
        MessagingLog.Revoked(logger, revocation.Name.Text, revocation.Revokes);
    }
}
