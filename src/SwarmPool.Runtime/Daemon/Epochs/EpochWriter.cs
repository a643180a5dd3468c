using SwarmPool.Core.Pool;
using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Content;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Roles;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Epochs;

/// <summary>
/// Makes and stores the snapshot of a settled epoch. It is a function of the journal: made again after a crash, it is the
/// same bytes under the same CID, as long as the same key signs.
/// </summary>
internal sealed class EpochWriter(IPoolJournal journal, IContentStore content, PartyIdentity identity)
{
    private const int ProofsPerPage = 500;
    private const int PayoutsPerPage = 500;

    public async ValueTask<(SignedSnapshot Snapshot, IReadOnlyList<PayoutItem> Payouts)> WriteAsync(
        EpochAccount epoch, Cid previous, JournalHead head, CancellationToken cancellationToken)
    {
        var (record, stored) = await EpochRange.RecordAsync(journal, epoch.SettledSequence, head, cancellationToken);
        var settlement = record.Facts.Settlement!;
        var operations = settlement.OperationsPayee;
        var (ledger, refunds) = await EpochRange.WorkAsync(journal, epoch, operations, cancellationToken, head);
        var proofs = ledger.Entries.Select(EpochItems.ProofItem).ToList();
        var operationsItem = EpochItems.PayoutItem(operations, settlement.Operations);
        var (pages, lastHash) = await JournalPages.StoreAsync(journal, epoch, head, bytes => StoreAsync(bytes, cancellationToken), cancellationToken);

        var body = new EpochSnapshot
        {
            Pool = identity.Pool,
            Network = identity.Network,
            Timestamp = record.At / 1000,
            Nonce = Nonce.FromHash(stored.Hash.Span),
            EpochId = epoch.Id,
            Number = epoch.Number,
            Status = SnapshotStatuses.Sealed,
            PreviousEpoch = previous.IsEmpty ? null : previous,
            StartedAt = epoch.StartedAt,
            EndedAt = epoch.EndedAt,
            JobsCount = epoch.Jobs,
            ProofsCount = epoch.Proofs,
            TotalVolumeUsdc = epoch.Volume,
            Proofs = await StorePagesAsync(proofs, ProofsPerPage, cancellationToken),
            MerkleRoot = EpochRoots.OfProofs(proofs),
            Policy = settlement.Policy,
            PolicyReplaced = settlement.Replaced,
            Settlements = new EpochSettlements(
                epoch.Volume,
                epoch.Volume - settlement.Operations - Usdc.FromMicro((long)(DeclaredPayouts.Sum(settlement.Declared) + DeclaredPayouts.Sum(settlement.Checkers))),
                settlement.Operations,
                operationsItem,
                await StorePagesAsync(settlement.Miners, PayoutsPerPage, cancellationToken))
            {
                Declared = settlement.Declared,
                Checkers = settlement.Checkers is { } checkers ? await StorePagesAsync(checkers, PayoutsPerPage, cancellationToken) : null,
            },
            PayoutRoot = EpochRoots.OfPayouts(operationsItem, [.. settlement.Miners, .. settlement.Declared ?? [], .. settlement.Checkers ?? []]),
            OpeningState = epoch.OpeningState,
            FromSequence = epoch.FromSequence,
            ToSequence = epoch.ToSequence,
            JournalRoot = Convert.ToHexStringLower(lastHash.Span),
            Journal = await PageTree.NameAsync(pages, bytes => StoreAsync(bytes, cancellationToken)),
            Draw = await DrawAsync(epoch, head, cancellationToken),
            WorkFrom = epoch.WorkFrom,
            WorkTo = epoch.WorkTo,
            Refunds = refunds.Count == 0 ? null : new EpochRefunds(SumOf(refunds.Select(static item => item.Price)), await StorePagesAsync(refunds, ProofsPerPage, cancellationToken)),
            Checks = ledger.Checks.Count == 0 ? null : new EpochChecks(
                ledger.Checks.Count, SumOf(ledger.Checks.Select(static check => check.Fee)),
                await StorePagesAsync([.. ledger.Checks.Select(EpochItems.CheckItem)], ProofsPerPage, cancellationToken)),
        };
        var signed = await identity.SignAsync(body, cancellationToken);
        await StoreAsync(signed.Bytes, cancellationToken);
        return (signed, settlement.Miners);
    }

    // The record that holds it is one of the epoch's: whoever reads its journal has the secret from there.
    private async ValueTask<EpochDraw?> DrawAsync(EpochAccount epoch, JournalHead head, CancellationToken cancellationToken)
    {
        if (epoch is not { DrawCommitment: { } commitment, DrawSequence: { } sequence })
        {
            return null;
        }

        var (record, _) = await EpochRange.RecordAsync(journal, sequence, head, cancellationToken);
        return new EpochDraw(commitment, record.Facts.Draw!.Secret);
    }

    private static Usdc SumOf(IEnumerable<Usdc> amounts) => amounts.Aggregate(Usdc.Zero, static (sum, amount) => sum + amount);

    private async ValueTask<IReadOnlyList<Cid>> StorePagesAsync<TItem>(IReadOnlyList<TItem> items, int perPage, CancellationToken cancellationToken)
    {
        var pages = new List<Cid>();
        foreach (var page in PageTree.Encode(items, perPage))
        {
            pages.Add(await StoreAsync(page, cancellationToken));
        }

        return await PageTree.NameAsync(pages, bytes => StoreAsync(bytes, cancellationToken));
    }

    private async ValueTask<Cid> StoreAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var cid = await content.PutAsync(bytes, cancellationToken);
        await content.PinAsync(cid, cancellationToken);
        return cid;
    }
}

/// <summary>An epoch's journal records as pages for everyone: a record a line, so many lines as fit a block.</summary>
internal static class JournalPages
{
    /// <summary>Stores the pages, in order; also says the hash of the last record.</summary>
    public static async ValueTask<(List<Cid> Pages, ReadOnlyMemory<byte> LastHash)> StoreAsync(
        IPoolJournal journal, EpochAccount epoch, JournalHead head, Func<ReadOnlyMemory<byte>, ValueTask<Cid>> store, CancellationToken cancellationToken)
    {
        var pages = new List<Cid>();
        var page = new MemoryStream();
        ReadOnlyMemory<byte> last = default;
        await foreach (var record in EpochRange.RecordsAsync(journal, epoch, head, cancellationToken))
        {
            if (page.Length > 0 && page.Length + record.Body.Length + 1 > ContentAddress.BlockBytes)
            {
                pages.Add(await store(page.ToArray()));
                page.SetLength(0);
            }

            page.Write(record.Body.Span);
            page.WriteByte((byte)'\n');
            last = record.Hash;
        }

        pages.Add(await store(page.ToArray()));
        return (pages, last);
    }
}
