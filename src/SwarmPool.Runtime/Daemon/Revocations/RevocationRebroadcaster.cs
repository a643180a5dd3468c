using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Revocations;

/// <summary>
/// Says the pool's own revocations again, in the pool's own signed bytes, for those who were not there when they were made: whoever starts
/// later must not believe a stolen session key.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RevocationRebroadcaster(
    Sequencer sequencer, ITransport transport, ContentReader content, DelegationCache delegations, RevocationPins revocationPins, EnsName pool, TimeProvider time,
    ILogger<RevocationRebroadcaster> logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<Cid, Own> own = [];

    /// <summary>A revocation that the rules accepted, and when what it took back would have expired: unix ms.</summary>
    public void Add(SignedSnapshot signed, RevocationSnapshot revocation, long expiresMs)
    {
        delegations.Revoke(revocation.Name, revocation.Revokes, revocation.Timestamp);
        revocationPins.Pin(signed.Cid, expiresMs);
        if (revocation.Name == pool)
        {
            lock (gate)
            {
                own[signed.Cid] = new Own(expiresMs, signed.Bytes);
            }
        }
    }

    /// <summary>Learns what the journal knows, before anything is let in.</summary>
    public async ValueTask RememberAsync(CancellationToken cancellationToken)
    {
        var revoked = await sequencer.AskAsync(static state => state.Delegations.InOrder.Where(static d => d.RevokedAt is not null).ToList(), cancellationToken);
        foreach (var one in revoked)
        {
            delegations.Revoke(one.Name, one.Digest, one.RevokedAt!.Value / 1000);
            revocationPins.Know(one.Revocation!.Value, one.ExpiresMs);
            if (one.Name == pool)
            {
                lock (gate)
                {
                    own.TryAdd(one.Revocation!.Value, new Own(one.ExpiresMs, default));
                }
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            foreach (var cid in Known())
            {
                await PublishAsync(cid, cancellationToken);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async ValueTask PublishAsync(Cid cid, CancellationToken cancellationToken)
    {
        try
        {
            if (await BytesAsync(cid, cancellationToken) is { IsEmpty: false } bytes)
            {
                await transport.PubSub.PublishAsync(Topics.Of(pool, Topics.Revocations), bytes, cancellationToken);
            }
        }
        catch (TransportException e)
        {
            DaemonLog.RevocationUnsaid(logger, cid.ToString(), e.Message);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> BytesAsync(Cid cid, CancellationToken cancellationToken)
    {
        Own known;
        lock (gate)
        {
            known = own[cid];
        }

        if (!known.Bytes.IsEmpty)
        {
            return known.Bytes;
        }

        var (bytes, refusal) = await content.FetchAsync(cid, SnapshotCodec.MaxBytes, Patience, cancellationToken);
        if (refusal is not null)
        {
            DaemonLog.RevocationUnsaid(logger, cid.ToString(), refusal.ToString());
            return default;
        }

        lock (gate)
        {
            own[cid] = known with { Bytes = bytes };
            return bytes;
        }
    }

    /// <summary>Those of which there is still something to warn of.</summary>
    private List<Cid> Known()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (gate)
        {
            foreach (var (cid, _) in own.Where(one => one.Value.ExpiresMs <= now))
            {
                own.Remove(cid);
            }

            return [.. own.Keys];
        }
    }

    private readonly record struct Own(long ExpiresMs, ReadOnlyMemory<byte> Bytes);
}
