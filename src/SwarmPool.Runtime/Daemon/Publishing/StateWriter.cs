using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Roles;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>Makes the signed snapshot of the pool's state.</summary>
internal sealed class StateWriter(PartyIdentity identity, IPoolJournal journal, MinerPresence presence, TimeProvider time)
{
    /// <summary>A state without its pages, its place in the journal and its signature; runs on the sequencer between two batches.</summary>
    public PoolStateSnapshot Draft(PoolState state)
    {
        var heartbeat = MinerPresence.HeartbeatSeconds(state.Miners.Count);
        return new PoolStateSnapshot
        {
            Pool = identity.Pool,
            Network = identity.Network,
            Timestamp = Math.Max(state.At, time.GetUtcNow().ToUnixTimeMilliseconds()) / 1000,
            Nonce = "",
            Term = state.Term,
            Sequence = state.Sequence,
            JournalHead = "",
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
        };
    }

    /// <summary>The draft with its place in the journal and with what names its pages, signed.</summary>
    public async ValueTask<SignedSnapshot> SignAsync(PoolStateSnapshot draft, StatePages pages, CancellationToken cancellationToken)
    {
        var head = await HeadOfAsync(draft.Sequence, cancellationToken);
        var named = await pages.NameAsync(cancellationToken);
        return await identity.SignAsync(
            draft with
            {
                JournalHead = head,
                Nonce = Nonce.FromHash(Convert.FromHexString(head)),
                PendingJobs = named.Pending,
                ClaimedJobs = named.Claimed,
                ActiveMiners = named.Miners,
            },
            cancellationToken);
    }

    private async ValueTask<string> HeadOfAsync(long sequence, CancellationToken cancellationToken)
    {
        await foreach (var record in journal.ReadAsync(sequence, cancellationToken))
        {
            return Convert.ToHexStringLower(record.Hash.Span);
        }

        throw new InvalidOperationException($"The journal {journal.Location} holds no record {sequence}, which the state has.");
    }
}
