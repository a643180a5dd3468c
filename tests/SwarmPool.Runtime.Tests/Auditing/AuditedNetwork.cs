using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>
/// A pool that has sealed two epochs with a job in each, and somebody with the pool's key who publishes another story: records changed,
/// their hashes made anew, and all that an epoch says recomputed from them, so that its pages agree with each other.
/// </summary>
internal sealed class AuditedNetwork : IAsyncDisposable
{
    private AuditedNetwork(TestNetwork town) => Town = town;

    public TestNetwork Town { get; }

    public Cid First { get; private set; }

    public Cid Second { get; private set; }

    public EnsName Miner { get; private set; }

    public static async Task<AuditedNetwork> OpenAsync()
    {
        var audited = new AuditedNetwork(await TestNetwork.OpenAsync());
        var town = audited.Town;
        var host = await town.StartAsync();
        var control = host.Services.GetRequiredService<DaemonControl>();
        audited.Miner = await town.JoinAsync(1);
        audited.First = await audited.EndEpochAsync(control, "2.5", 1);
        audited.Second = await audited.EndEpochAsync(control, "1", 2);
        await host.StopAsync();
        return audited;
    }

    /// <summary>A stranger with contents and names.</summary>
    public PoolAuditor Stranger(ISettlementPolicy? policy = null, bool keepCheckpoint = false, IProgress<AuditProgress>? progress = null) =>
        new(Town.Transport.Content, Names, TimeProvider.System) { Policy = policy ?? JobLifeTests.Policy(), KeepCheckpoint = keepCheckpoint, Progress = progress };

    public IIdentityProvider Names => Town.Compose().Services.GetRequiredService<IIdentityProvider>();

    public async Task<EpochAuditReport> AuditAloneAsync(Cid epoch)
    {
        var stranger = Stranger();
        return await stranger.AuditEpochAsync(await stranger.FetchAsync(epoch));
    }

    public async Task<EpochAuditReport> AuditHistoryAsync(Cid epoch, AuditCheckpoint? from = null, bool keepCheckpoint = false)
    {
        var stranger = Stranger(keepCheckpoint: keepCheckpoint);
        return await stranger.AuditHistoryAsync(await stranger.FetchAsync(epoch), from);
    }

    public Task<EpochSnapshot> FetchAsync(Cid epoch) => JobLifeTests.FetchAsync<EpochSnapshot>(Town, epoch);

    /// <summary>Signs as the pool (or as somebody else) and publishes.</summary>
    public async Task<Cid> PublishAsync(EpochSnapshot epoch, EnsName? signer = null) =>
        await Town.Transport.Content.PutAsync((await TestNetwork.SignAsync(epoch, signer)).Bytes, CancellationToken.None);

    public async Task<Cid> PageAsync<T>(params T[] items) =>
        await Town.Transport.Content.PutAsync(SnapshotCodec.EncodePage<T>(items), CancellationToken.None);

    /// <summary>The lines of an epoch's journal pages.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync(EpochSnapshot epoch)
    {
        var lines = new List<string>();
        foreach (var page in epoch.Journal)
        {
            var bytes = await Town.Transport.Content.GetAsync(page, SnapshotCodec.MaxPageBytes, CancellationToken.None);
            lines.AddRange(Encoding.UTF8.GetString(bytes.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return lines;
    }

    /// <summary>Another story of the first epoch, told with all that belongs to it.</summary>
    /// <param name="change">What becomes of a record's text.</param>
    public async Task<Cid> ForgeFirstAsync(Func<string, string> change)
    {
        var epoch = await FetchAsync(First);
        var lines = (await LinesAsync(epoch)).Select(change).ToList();
        var (records, root) = Chain(lines);
        var page = await Town.PutAsync(string.Concat(records.Select(record => Encoding.UTF8.GetString(record.Stored.Body.Span) + "\n")));
        var proofs = records.SelectMany(one => one.Record.Events.OfType<JobDecided>().SelectMany(job => EpochRecords.Entries(job, one.Record.At))).Select(EpochItems.ProofItem).ToArray();
        var settled = JobLifeTests.Policy().Settle(EpochItems.Ledger(epoch, proofs), "").Settlement;
        var payouts = settled.Miners.Select(paid => EpochItems.PayoutItem(paid.To, paid.Amount)).ToArray();
        var operations = epoch.Settlements.Operations with { Amount = settled.Operations };
        var volume = Usdc.FromMicro(proofs.Sum(proof => proof.Price.Micro));
        return await PublishAsync(epoch with
        {
            Journal = [page],
            JournalRoot = root,
            Proofs = [await PageAsync(proofs)],
            ProofsCount = proofs.Length,
            TotalVolumeUsdc = volume,
            MerkleRoot = EpochRoots.OfProofs(proofs),
            PayoutRoot = EpochRoots.OfPayouts(operations, payouts),
            Settlements = new EpochSettlements(volume, volume - settled.Operations, settled.Operations, operations, [await PageAsync(payouts)]),
        });
    }

    public ValueTask DisposeAsync() => Town.DisposeAsync();

    private async Task<Cid> EndEpochAsync(DaemonControl control, string amount, int number)
    {
        await Town.ProveAsync(await Town.ClaimAsync(await Town.SubmitAsync(amount), Miner));
        await control.EndEpochAsync(CancellationToken.None);
        return (await Town.MessageRecorder.ItemAsync<EpochSealedItem>(item => item.EpochId == EpochAccount.IdOf(number))).Cid;
    }

    // As a daemon would have written it: each hash, and the state that the next epoch opens with, from what is told now.
    private static (List<StoredRecord> Records, string Root) Chain(IEnumerable<string> lines)
    {
        var records = new List<StoredRecord>();
        var state = new PoolState();
        var head = JournalHead.Empty;
        foreach (var line in lines)
        {
            var body = Put(line, "\"previous\":\"", Convert.ToHexStringLower(head.Hash.Span));
            if (head.Sequence > 0 && body.Contains("\"opening_state\":\"", StringComparison.Ordinal))
            {
                body = Put(body, "\"opening_state\":\"", StateHash.Of(state));
            }

            var bytes = Encoding.UTF8.GetBytes(body);
            var stored = new JournalRecord(head.Sequence + 1, head.Hash, SHA256.HashData(bytes), bytes);
            var record = RecordCodec.Decode(stored, withInput: false);
            state.Apply(record.Sequence, record.At, record.Events);
            records.Add(new StoredRecord(record, stored));
            head = new JournalHead(stored.Sequence, stored.Hash);
        }

        return (records, Convert.ToHexStringLower(head.Hash.Span));
    }

    private static string Put(string body, string before, string digest)
    {
        var at = body.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return string.Concat(body.AsSpan(0, at), digest, body.AsSpan(at + digest.Length));
    }
}
