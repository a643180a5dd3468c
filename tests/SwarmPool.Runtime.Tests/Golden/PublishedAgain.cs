using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Daemon.Publishing;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>The states and epochs of a recorded pool, made anew of its records.</summary>
/// <param name="States">The states, in the order of their records.</param>
/// <param name="Epochs">The sealed epochs.</param>
/// <param name="Pages">The pages below both.</param>
internal sealed record PublishedAgain(IReadOnlyList<SignedSnapshot> States, IReadOnlyList<SignedSnapshot> Epochs, IReadOnlyCollection<Cid> Pages)
{
    /// <summary>Follows the journal and publishes where the recorded pool did.</summary>
    public static async Task<PublishedAgain> MakeAsync(RecordedPool recorded, CancellationToken cancellationToken)
    {
        var net = new MemoryNet();
        var content = net.Join();
        var journal = new ListJournal(recorded.Records);
        var writer = new EpochWriter(journal, content, new PartyIdentity(RecordedPool.Pool, RecordedPool.Pool, "local", TestKeys.Of(RecordedPool.Pool)));
        var pages = new StatePages(content);
        var said = recorded.States().Select(message => (PoolStateSnapshot)message.Said.Body).ToLookup(state => state.Sequence);
        var (states, epochs) = (new List<SignedSnapshot>(), new List<SignedSnapshot>());
        foreach (var (state, record, stored) in recorded.Replay())
        {
            if (record.Events.OfType<EpochSettled>().Any())
            {
                epochs.Add((await writer.WriteAsync(state.Epochs.Closed[0].Copy(), state.Epochs.LastSealed, await journal.HeadAsync(default), cancellationToken)).Snapshot);
            }

            if (said.Contains(record.Sequence))
            {
                await pages.StoreAsync(StatePages.Capture(state), cancellationToken);
                var named = await pages.NameAsync(cancellationToken);
                foreach (var then in said[record.Sequence])
                {
                    var body = Fill(then, state, stored) with { PendingJobs = named.Pending, ClaimedJobs = named.Claimed, ActiveMiners = named.Miners };
                    states.Add(await SnapshotCodec.SignAsync(body, TestKeys.Of(RecordedPool.Pool), cancellationToken));
                }
            }
        }

        return new PublishedAgain(states, epochs, [.. net.Content.Keys.Except(epochs.Select(epoch => epoch.Cid))]);
    }

    /// <summary>A sealed epoch as the recording says it.</summary>
    public static string Fact(SignedSnapshot sealedEpoch)
    {
        var epoch = (EpochSnapshot)sealedEpoch.Body;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch.Number} {sealedEpoch.Cid} {epoch.PayoutRoot} {epoch.MerkleRoot} {epoch.JournalRoot} {epoch.OpeningState}");
    }

    private static PoolStateSnapshot Fill(PoolStateSnapshot then, PoolState state, JournalRecord stored) => then with
    {
        Term = state.Term,
        JournalHead = Convert.ToHexStringLower(stored.Hash.Span),
        Nonce = Nonce.FromHash(stored.Hash.Span),
        Rules = state.Rules,
        TotalJobs = state.TotalJobs,
        TotalProofs = state.TotalProofs,
        TotalVolumeUsdc = state.TotalVolume,
        CurrentEpoch = state.Epochs.Open!.Id,
        EpochJobs = state.Epochs.Open.Jobs,
        EpochVolume = state.Epochs.Open.Volume,
        LastEpochSeal = state.Epochs.Open.StartedAt,
        LastEpoch = state.Epochs.LastSealed.IsEmpty ? null : state.Epochs.LastSealed,
        PendingCount = state.Jobs.PendingCount,
        ClaimedCount = state.Jobs.ClaimedCount,
        MinerCount = state.Miners.Count,
    };
}
