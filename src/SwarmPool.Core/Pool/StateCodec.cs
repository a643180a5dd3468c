using System.Buffers;
using System.Text.Json;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>The whole state as bytes: always the same bytes for the same state, whatever way it came about.</summary>
internal static class StateCodec
{
    /// <summary>Names the encoding; a snapshot of another is not read, the journal is replayed instead.</summary>
    public const string Format = "swarmpool-state/2";

    /// <summary>The same with delegations in it: a build that knows of none must not read it, since it would forget them.</summary>
    public const string FormatWithDelegations = "swarmpool-state/3";

    /// <summary>That of rules 2, which know of standing.</summary>
    public const string FormatOfRules2 = "swarmpool-state/4";

    /// <summary>The same where jobs are bound to packs, pay by what is counted, or have what miners said of why they failed: a build that knows of none of it would forget it.</summary>
    public const string FormatOfLater = "swarmpool-state/5";

    /// <summary>That of rules 3, which check work.</summary>
    public const string FormatOfRules3 = "swarmpool-state/6";

    public static string FormatOf(PoolState state) => state.Rules > 2 ? FormatOfRules3
        : state.Settings is { Models: not null } or { Prices: not null } || state.Jobs.InOrder().Any(static job => job.Failure is not null || job.Rates is not null) ? FormatOfLater
        : state.Rules > 1 ? FormatOfRules2
        : state.Delegations.Count == 0 ? Format
        : FormatWithDelegations;

    /// <summary>Whether this build reads it.</summary>
    public static bool Reads(string format) => format is Format or FormatWithDelegations or FormatOfRules2 or FormatOfLater or FormatOfRules3;

    public static byte[] Encode(PoolState state) => JsonSerializer.SerializeToUtf8Bytes(Document(state), PoolJson.Default.StateDocument);

    /// <summary>Writes what <see cref="Encode"/> gives, piece by piece: with a million jobs it is 360 MB.</summary>
    public static void EncodeTo(IBufferWriter<byte> output, PoolState state)
    {
        using var writer = new Utf8JsonWriter(output);
        JsonSerializer.Serialize(writer, Document(state), PoolJson.Default.StateDocument);
    }

    public static PoolState Decode(ReadOnlySpan<byte> bytes)
    {
        var document = JsonSerializer.Deserialize(bytes, PoolJson.Default.StateDocument)!;
        var state = new PoolState
        {
            Rules = document.Rules,
            Settings = document.Settings,
            Term = document.Term,
            Sequence = document.Sequence,
            At = document.At,
            Fence = document.Fence,
            TotalJobs = document.TotalJobs,
            TotalProofs = document.TotalProofs,
            TotalVolume = Usdc.FromMicro(document.TotalVolumeMicro),
        };
        foreach (var miner in document.Miners)
        {
            Restore(state, miner);
        }

        foreach (var client in document.Clients)
        {
            state.Clients.Set(client);
        }

        foreach (var delegation in document.Delegations ?? [])
        {
            state.Delegations.Set(delegation);
        }

        foreach (var job in document.Jobs)
        {
            state.Jobs.Add(job);
            state.Due.Add(job.IsOpen ? job.DeadlineMs : job.ForgetAtMs, job.Number, 0);
            foreach (var lease in job.Leases)
            {
                state.Due.Add(lease.Until, job.Number, lease.Fence);
            }

            foreach (var work in job.Checking?.Works ?? [])
            {
                state.Due.Add(work.Until, job.Number, work.Fence);
            }

            if (job.Checking?.AskAt is { } askAt)
            {
                state.Due.Add(askAt, job.Number, DueEntry.Checkers);
            }
        }

        foreach (var entry in document.Trust ?? [])
        {
            state.Trust.Set(entry);
        }

        state.Epochs.Open = document.OpenEpoch;
        state.Epochs.Closed.AddRange(document.ClosedEpochs);
        state.Epochs.LastSealed = document.LastSealed ?? default;
        state.Epochs.PolicyState = document.PolicyState;
        state.Prune();
        return state;
    }

    private static StateDocument Document(PoolState state) => new()
    {
        Rules = state.Rules,
        Settings = state.Settings,
        Term = state.Term,
        Sequence = state.Sequence,
        At = state.At,
        Fence = state.Fence,
        TotalJobs = state.TotalJobs,
        TotalProofs = state.TotalProofs,
        TotalVolumeMicro = state.TotalVolume.Micro,
        Jobs = [.. state.Jobs.InOrder()],
        Miners = [.. state.Miners.InOrder],
        Clients = [.. state.Clients.InOrder],
        OpenEpoch = state.Epochs.Open,
        ClosedEpochs = state.Epochs.Closed,
        LastSealed = state.Epochs.LastSealed.IsEmpty ? null : state.Epochs.LastSealed,
        PolicyState = state.Epochs.PolicyState,
        Delegations = state.Delegations.Count == 0 ? null : [.. state.Delegations.InOrder],
        Trust = state.Trust.Count == 0 ? null : [.. state.Trust.InOrder],
    };

    private static void Restore(PoolState state, MinerEntry saved)
    {
        var miner = state.Miners.GetOrAdd(saved.Name, saved.Since);
        miner.Payout = saved.Payout;
        miner.Mode = saved.Mode;
        miner.RegisteredAt = saved.RegisteredAt;
        miner.Registration = saved.Registration;
        miner.Delegation = saved.Delegation;
        miner.JobsCompleted = saved.JobsCompleted;
        miner.LiveClaims = saved.LiveClaims;
        miner.Waiting = saved.Waiting;
        miner.SeenAt = saved.SeenAt;
        miner.Strikes = saved.Strikes;
        miner.CoolDownUntil = saved.CoolDownUntil;
        state.Miners.SetClients(miner, saved.Clients);
        state.Miners.SetOffer(miner, saved.Models, saved.Gpus);
        state.Miners.SetIdle(miner);
    }
}

internal sealed record StateDocument
{
    public required int Rules { get; init; }

    public PoolSettings? Settings { get; init; }

    public required long Term { get; init; }

    public required long Sequence { get; init; }

    public required long At { get; init; }

    public required long Fence { get; init; }

    public required long TotalJobs { get; init; }

    public required long TotalProofs { get; init; }

    /// <summary>Micro-USDC: over the years more than one amount may be.</summary>
    public required long TotalVolumeMicro { get; init; }

    public required IReadOnlyList<JobEntry> Jobs { get; init; }

    public required IReadOnlyList<MinerEntry> Miners { get; init; }

    public required IReadOnlyList<ClientEntry> Clients { get; init; }

    public EpochAccount? OpenEpoch { get; init; }

    public required IReadOnlyList<EpochAccount> ClosedEpochs { get; init; }

    public Cid? LastSealed { get; init; }

    public required string PolicyState { get; init; }

    /// <summary>Null, and not written, when there are none: such a state has the bytes that it always had.</summary>
    public IReadOnlyList<DelegationEntry>? Delegations { get; init; }

    /// <summary>Null, and not written, when there is none.</summary>
    public IReadOnlyList<TrustEntry>? Trust { get; init; }
}
