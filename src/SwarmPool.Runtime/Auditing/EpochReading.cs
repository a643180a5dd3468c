using System.Globalization;
using System.Security.Cryptography;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Auditing;

/// <summary>One published epoch, read with all its pages and compared with them; all but its split.</summary>
/// <param name="source">Where pages come from.</param>
/// <param name="findings">Is told what differs.</param>
internal sealed class EpochReading(EpochSource source, AuditFindings findings)
{
    /// <param name="Pages">Its lists.</param>
    /// <param name="Complete">Whether all of its records could be read.</param>
    public sealed record Result(EpochPages Pages, bool Complete);

    /// <summary>Reads an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="previous">The one before; null when it names none.</param>
    /// <param name="earlier">Whom that one pays; null: it is looked up.</param>
    /// <param name="book">Has what the records of the epochs decided that are not settled before this one; is told this one's.</param>
    /// <param name="judge">Judges each record; null from it when the record can't be read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">A page is unavailable or not valid.</exception>
    public async Task<Result> ReadAsync(
        EpochSnapshot epoch, EpochSnapshot? previous, IReadOnlyList<PayoutItem>? earlier, WorkBook book, Func<JournalRecord, PoolRecord?> judge, CancellationToken cancellationToken)
    {
        CheckLink(epoch, previous);
        EpochClosed? closed = null;
        DrawOpened? draw = null;
        long read = epoch.FromSequence - 1;
        var root = previous is null ? JournalHead.Empty.Hash : Convert.FromHexString(previous.JournalRoot);
        await foreach (var stored in new PublishedJournal(epoch, root, findings).ReadAsync(source.JournalAsync(epoch, cancellationToken)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (findings.AreTooMany || judge(stored) is not { } record)
            {
                break;
            }

            book.Add(record);
            closed = record.Events.OfType<EpochClosed>().FirstOrDefault() ?? closed;
            draw = record.Events.OfType<DrawOpened>().FirstOrDefault() ?? draw;
            read = stored.Sequence;
        }

        book.End();
        var work = book.Release(closed is null ? epoch.Number : closed.ReleasesTo ?? closed.Number, book.Strikes);

        // The records come first: they say how long the lists can be, whatever the epoch says.
        earlier ??= previous is null ? [] : await source.PayoutsAsync(previous, EpochSource.MostPayouts, cancellationToken);
        var most = new EpochSize(work.Entries.Count, work.Entries.Count + earlier.Count, 0, work.Checks.Count, work.Refunds.Count);
        var pages = await PagesAsync(epoch, most, earlier, cancellationToken);
        var differences = HoldCheck.Work(pages, work).Concat(closed is null ? [] : HoldCheck.Closing(epoch, closed)).Concat(HoldCheck.Draw(epoch, draw?.Commitment))
            .Concat(EpochAudit.Differences(epoch, pages.Proofs, pages.Payouts, null, "", pages.Earlier, pages.Checks, pages.Checkers, pages.Refunds));
        foreach (var difference in differences)
        {
            findings.Add(difference);
        }

        return new Result(pages, read == epoch.ToSequence);
    }

    /// <summary>Reads an epoch's records once more, or for what is paid later, and nothing of its lists.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="previous">The one before; null when it is the first.</param>
    /// <param name="book">Is told what was decided in it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="judge">Judges each record; null from it when the record can't be read. Null: they were judged before.</param>
    /// <exception cref="SwarmPoolException">A page is unavailable, or a record is none.</exception>
    public async Task RememberAsync(
        EpochSnapshot epoch, EpochSnapshot? previous, WorkBook book, CancellationToken cancellationToken, Func<JournalRecord, PoolRecord?>? judge = null)
    {
        var root = previous is null ? JournalHead.Empty.Hash : Convert.FromHexString(previous.JournalRoot);
        await foreach (var stored in new PublishedJournal(epoch, root, findings).ReadAsync(source.JournalAsync(epoch, cancellationToken)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((judge is null ? RecordCodec.Decode(stored, withInput: false) : judge(stored)) is not { } record)
            {
                break;
            }

            book.Add(record);
        }

        book.End();
    }

    /// <summary>The lists of an epoch that was read before.</summary>
    public async Task<EpochPages> PagesAsync(EpochSnapshot epoch, EpochSnapshot? previous, EpochSize size, CancellationToken cancellationToken) => await PagesAsync(
        epoch, size, previous is null ? [] : await source.PayoutsAsync(previous, size.Earlier, cancellationToken), cancellationToken);

    private async Task<EpochPages> PagesAsync(EpochSnapshot epoch, EpochSize most, IReadOnlyList<PayoutItem> earlier, CancellationToken cancellationToken) => new(
        await source.ItemsAsync<EpochProofItem>(epoch.Proofs, most.Proofs, cancellationToken),
        await source.PayoutsAsync(epoch, most.Payouts, cancellationToken),
        [.. earlier.Select(static item => new Payee(item.Miner, item.Address))])
    {
        Checks = await source.ItemsAsync<EpochCheckItem>(epoch.Checks?.Items ?? [], most.Checks, cancellationToken),
        Checkers = await source.ItemsAsync<PayoutItem>(epoch.Settlements.Checkers ?? [], most.Checks, cancellationToken),
        Refunds = await source.ItemsAsync<RefundItem>(epoch.Refunds?.Items ?? [], most.Refunds, cancellationToken),
    };

    private void CheckLink(EpochSnapshot epoch, EpochSnapshot? previous)
    {
        findings.Expect(epoch.EpochId == EpochAccount.IdOf(epoch.Number), Text($"its epoch_id is '{epoch.EpochId}', but its number is {epoch.Number}"));
        findings.Expect(epoch.Timestamp >= epoch.EndedAt / 1000, Text($"its timestamp {epoch.Timestamp} is before its end"));
        findings.Expect(epoch.Number > 1 || epoch.PreviousEpoch is null, "it is the first, but names a previous epoch");
        if (previous is null)
        {
            findings.Expect(epoch.Number == 1 && epoch.FromSequence == 1, "it names no previous epoch, but is not the first");
            findings.Expect((epoch.WorkFrom ?? 1) == 1, Text($"it pays the work of epochs from {epoch.WorkFrom} on, and nobody paid what was before"));
            return;
        }

        findings.Expect(
            (previous.WorkTo ?? previous.Number) + 1 == (epoch.WorkFrom ?? epoch.Number),
            Text($"it pays the work of epochs from {epoch.WorkFrom ?? epoch.Number} on; the previous epoch paid what was up to {previous.WorkTo ?? previous.Number}"));

        findings.Expect(previous.Pool == epoch.Pool && previous.Network == epoch.Network, $"the previous epoch {epoch.PreviousEpoch} is of {previous.Pool} on '{previous.Network}'");
        findings.Expect(previous.Number == epoch.Number - 1, Text($"the previous epoch {epoch.PreviousEpoch} has number {previous.Number}"));
        findings.Expect(previous.EndedAt == epoch.StartedAt, "it does not begin when the previous epoch ended");
        findings.Expect(
            previous.ToSequence + 1 == epoch.FromSequence,
            Text($"the previous epoch ends with record {previous.ToSequence}, this one begins with {epoch.FromSequence}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An epoch's journal records as its pages hold them: do they follow what came before, and lead to the root that the epoch names?</summary>
/// <param name="epoch">The epoch.</param>
/// <param name="previous">The hash that its first record has to follow.</param>
/// <param name="findings">Is told what differs.</param>
internal sealed class PublishedJournal(EpochSnapshot epoch, ReadOnlyMemory<byte> previous, AuditFindings findings)
{
    /// <summary>
    /// The records, each with the hash that its bytes give, as long as there may be any. Whoever finds one that can't be read stops:
    /// what would come after it means nothing.
    /// </summary>
    public async IAsyncEnumerable<JournalRecord> ReadAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> pages)
    {
        var head = new JournalHead(epoch.FromSequence - 1, previous);
        await foreach (var page in pages)
        {
            var before = head.Sequence;
            foreach (var range in Lines(page))
            {
                // Checked before anything is read, so that no pool can make a stranger read for ever.
                if (head.Sequence == epoch.ToSequence)
                {
                    findings.Add(Text($"the journal pages go on after record {epoch.ToSequence}, its last"));
                    yield break;
                }

                var body = page[range];
                var record = new JournalRecord(head.Sequence + 1, head.Hash, SHA256.HashData(body.Span), body);
                yield return record;
                head = new JournalHead(record.Sequence, record.Hash);
            }

            if (head.Sequence == before)
            {
                findings.Add("one of the journal pages holds no record");
                yield break;
            }
        }

        findings.Expect(head.Sequence == epoch.ToSequence, Text($"the journal pages end with record {head.Sequence}; the epoch ends with {epoch.ToSequence}"));
        var root = Convert.ToHexStringLower(head.Hash.Span);
        findings.Expect(root == epoch.JournalRoot, $"journal_root is {epoch.JournalRoot}; the pages give {root}");
    }

    private static IEnumerable<Range> Lines(ReadOnlyMemory<byte> page)
    {
        for (var start = 0; start < page.Length;)
        {
            var length = page.Span[start..].IndexOf((byte)'\n');
            var end = length < 0 ? page.Length : start + length;
            yield return start..end;
            start = end + 1;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
