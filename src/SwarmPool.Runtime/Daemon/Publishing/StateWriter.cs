using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Roles;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>Makes the signed snapshot of the pool's state.</summary>
internal sealed class StateWriter(PartyIdentity identity, MinerPresence presence, TimeProvider time)
{
    /// <summary>A state without its pages and its signature; runs on the sequencer between two batches.</summary>
    /// <param name="state">The state.</param>
    /// <param name="head">Its place in the journal as this daemon wrote it: what the store says there might be anybody's.</param>
    public PoolStateSnapshot Draft(PoolState state, JournalHead head)
    {
        var heartbeat = MinerPresence.HeartbeatSeconds(state.Miners.Count);
        return new PoolStateSnapshot
        {
            Pool = identity.Pool,
            Network = identity.Network,
            Timestamp = Math.Max(state.At, time.GetUtcNow().ToUnixTimeMilliseconds()) / 1000,
            Nonce = Nonce.FromHash(head.Hash.Span),
            Term = state.Term,
            Sequence = state.Sequence,
            JournalHead = Convert.ToHexStringLower(head.Hash.Span),
            Rules = state.Rules,
            TotalJobs = state.TotalJobs,
            TotalProofs = state.TotalProofs,
            TotalVolumeUsdc = Usdc.FromMicro(Math.Min(state.TotalVolume.Micro, Usdc.MaxMicro)),
            CurrentEpoch = state.Epochs.Open!.Id,
            EpochJobs = state.Epochs.Open.Jobs,
            EpochVolume = state.Epochs.Open.Volume,
            LastEpochSeal = state.Epochs.Open.StartedAt,
            LastEpoch = state.Epochs.LastSealed.IsEmpty ? null : state.Epochs.LastSealed,
            PendingJobs = [],
            PendingCount = state.Jobs.PendingCount,
            ClaimedJobs = [],
            ClaimedCount = state.Jobs.ClaimedCount,
            ActiveMiners = [],
            MinerCount = state.Miners.Count,
            OnlineMiners = presence.CountOnline(heartbeat, name => state.Miners.TryGet(name, out _)),
            HeartbeatSeconds = heartbeat,
            ClaimTimeoutSeconds = (int)(state.Settings!.ClaimTimeoutMs / 1000),
            Prices = state.Settings.Prices,
            Models = state.Settings.Models?.Select(static one => new PoolModelItem(one.Alias, one.PackCid)).ToList(),
        };
    }

    /// <summary>The draft with what names its pages, signed.</summary>
    public async ValueTask<SignedSnapshot> SignAsync(PoolStateSnapshot draft, StatePages pages, CancellationToken cancellationToken)
    {
        var named = await pages.NameAsync(cancellationToken);
        return await identity.SignAsync(
            draft with
            {
                PendingJobs = named.Pending,
                ClaimedJobs = named.Claimed,
                ActiveMiners = named.Miners,
            },
            cancellationToken);
    }
}
