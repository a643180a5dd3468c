using System.Runtime.InteropServices;
using SwarmPool.State;

namespace SwarmPool.Testing.Journal;

/// <content>Appending and reading.</content>
public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_new_journal_is_empty()
    {
        await using var journal = Open();
        await AcquireAsync(journal);
        await HoldsAsync(journal, []);
        Assert.Null(await journal.LoadSnapshotAsync(default));
        Assert.Equal(0, await journal.LoadCursorAsync("announced", default));
        Assert.NotEqual("", journal.Location);
    }

    [Fact]
    public async Task What_was_appended_is_read_in_order_from_anywhere_and_by_another_handle()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        var records = JournalChains.After(JournalHead.Empty, 1203);
        await journal.AppendAsync(lease, records.GetRange(0, 3), default);
        await journal.AppendAsync(lease, records.GetRange(3, 1200), default);
        await using var reader = Open();
        foreach (var from in new[] { 1, 2, 501, 1203, 1204 })
        {
            await HoldsAsync(reader, records, from);
        }
    }

    [Fact]
    public async Task An_answered_append_is_seen_by_everyone_at_once()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        await using var early = Open();
        var records = JournalChains.After(JournalHead.Empty, 12);
        for (var i = 0; i < records.Count; i += 3)
        {
            await journal.AppendAsync(lease, records.GetRange(i, 3), default);
            await using var late = Open();
            await HoldsAsync(early, records.GetRange(0, i + 3));
            await HoldsAsync(late, records.GetRange(0, i + 3));
        }
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        var records = JournalChains.After(JournalHead.Empty, 5);
        await using (var journal = Open())
        {
            var lease = await AcquireAsync(journal);
            await journal.AppendAsync(lease, records, default);
            await journal.SaveSnapshotAsync(lease, Snapshot(5, 1, 2, 3), default);
            await journal.SaveCursorAsync(lease, "announced", 4, default);
            await journal.ReleaseAsync(lease, default);
        }

        await using var again = Open();
        var next = await AcquireAsync(again);
        await HoldsAsync(again, records);
        Assert.Equal(4, await again.LoadCursorAsync("announced", default));
        var snapshot = await again.LoadSnapshotAsync(default);
        Assert.Equal(("state/1", 5L, "010203"), (snapshot!.Format, snapshot.Sequence, Convert.ToHexString(snapshot.Body.Span)));
        records.AddRange(JournalChains.After(JournalChains.HeadOf(records), 1));
        await again.AppendAsync(next, [records[^1]], default);
        await HoldsAsync(again, records);
    }

    [Fact]
    public async Task A_batch_with_one_bad_record_is_not_taken_at_all()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        var records = JournalChains.After(JournalHead.Empty, 4);
        await ThrowsAsync(JournalFault.NotNext, journal.AppendAsync(lease, [records[0], records[1], records[3]], default));
        await ThrowsAsync(JournalFault.Damaged, journal.AppendAsync(lease, [records[0], records[1] with { Body = new byte[] { 1 } }], default));
        await HoldsAsync(journal, []);
        await journal.AppendAsync(lease, records, default);
        await HoldsAsync(journal, records);
    }

    [Fact]
    public async Task A_record_that_does_not_follow_the_head_is_refused()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        var records = JournalChains.After(JournalHead.Empty, 2);
        await ThrowsAsync(JournalFault.NotNext, journal.AppendAsync(lease, [records[1]], default));
        await journal.AppendAsync(lease, records, default);
        await ThrowsAsync(JournalFault.NotNext, journal.AppendAsync(lease, [records[1]], default));
        await ThrowsAsync(JournalFault.NotNext, journal.AppendAsync(lease, records, default));
        await ThrowsAsync(JournalFault.NotNext, journal.AppendAsync(lease, JournalChains.After(new JournalHead(2, new byte[32]), 1), default));
        await HoldsAsync(journal, records);
    }

    [Fact]
    public async Task Of_many_batches_that_follow_one_head_one_is_taken()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        var head = JournalHead.Empty;
        var chain = new List<JournalRecord>();
        for (var round = 0; round < 5; round++)
        {
            var rivals = Enumerable.Range(0, 8).Select(i => JournalChains.After(head, 3, $"rival {round}.{i}")).ToList();
            var taken = await Task.WhenAll(rivals.Select(async batch =>
            {
                var thrown = await Record.ExceptionAsync(async () => await journal.AppendAsync(lease, batch, default));
                Assert.True(thrown is null or JournalException { Fault: JournalFault.NotNext }, $"An append failed with {thrown}.");
                return thrown is null;
            }));
            var winner = rivals[Assert.Single(Enumerable.Range(0, taken.Length), i => taken[i])];
            chain.AddRange(winner);
            head = JournalChains.HeadOf(winner);
        }

        await HoldsAsync(journal, chain);
    }

    [Fact]
    public async Task A_cancelled_append_is_taken_whole_or_not_at_all()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        var chain = new List<JournalRecord>();
        var head = JournalHead.Empty;
        for (var i = 0; i < 12; i++)
        {
            var batch = JournalChains.After(head, 40, $"try {i}");
            using var cancelling = new CancellationTokenSource();
            var append = journal.AppendAsync(lease, batch, i == 0 ? new CancellationToken(canceled: true) : cancelling.Token).AsTask();
            await cancelling.CancelAsync();
            var thrown = await Record.ExceptionAsync(() => append);
            Assert.True(thrown is null or OperationCanceledException, $"A cancelled append failed with {thrown}.");
            var now = await journal.HeadAsync(default);
            Assert.Contains(now.Sequence, thrown is null ? [head.Sequence + 40] : new[] { head.Sequence, head.Sequence + 40 });
            if (now.Sequence > head.Sequence)
            {
                chain.AddRange(batch);
                head = JournalChains.HeadOf(batch);
            }
        }

        await HoldsAsync(journal, chain);
    }

    [Fact]
    public async Task Readers_and_a_writer_do_not_disturb_each_other()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        var records = JournalChains.After(JournalHead.Empty, 400);
        await journal.AppendAsync(lease, records.GetRange(0, 200), default);
        var readers = Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var reader = Open();
            for (var i = 0; i < 5; i++)
            {
                var read = await JournalChains.ReadAsync(reader);
                Assert.InRange(read.Count, 200, 400);
                Assert.Equal(records.Take(read.Count).Select(Shown), read.Select(Shown));
            }
        }).ToList();
        for (var i = 200; i < 400; i += 20)
        {
            await journal.AppendAsync(lease, records.GetRange(i, 20), default);
        }

        await Task.WhenAll(readers);
        await HoldsAsync(journal, records);
    }

    [Fact]
    public async Task A_read_ends_at_the_head_of_its_beginning_while_the_writer_goes_on()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        await journal.AppendAsync(lease, JournalChains.After(JournalHead.Empty, 700), default);
        var count = 0;
        await foreach (var record in journal.ReadAsync(1, default))
        {
            if (++count == 1)
            {
                await journal.AppendAsync(lease, JournalChains.After(await journal.HeadAsync(default), 700), default);
            }
        }

        Assert.Equal(700, count);
    }

    [Fact]
    public async Task A_cancelled_read_ends()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        await journal.AppendAsync(lease, JournalChains.After(JournalHead.Empty, 50), default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => JournalChains.ReadAsync(journal, 1, new CancellationToken(canceled: true)));
        Assert.Equal(50, (await JournalChains.ReadAsync(journal)).Count);
    }

    [Fact]
    public async Task Large_records_and_large_batches_come_back_whole_and_the_writer_may_use_its_buffers_again()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        var records = JournalChains.After(JournalHead.Empty, 3, bodyBytes: 256 * 1024);
        records.AddRange(JournalChains.After(JournalChains.HeadOf(records), 2_000));
        var copies = records.Select(one => one with { Body = one.Body.ToArray() }).ToList();
        await journal.AppendAsync(lease, copies, default);
        foreach (var copy in copies)
        {
            Assert.True(MemoryMarshal.TryGetArray(copy.Body, out var array));
            array.AsSpan().Clear();
        }

        await HoldsAsync(journal, records);
    }

    /// <summary>A history of batches, restarts and refusals reads as the list that a model keeps.</summary>
    [Fact]
    public async Task A_long_history_reads_as_the_chain_that_was_answered()
    {
        var random = new Random(7);
        var journal = Open();
        var lease = await AcquireAsync(journal);
        var chain = new List<JournalRecord>();
        try
        {
            for (var step = 0; step < HistorySteps; step++)
            {
                var head = chain.Count == 0 ? JournalHead.Empty : JournalChains.HeadOf(chain);
                var kind = random.Next(10);
                switch (kind)
                {
                    case 0:
                        await journal.ReleaseAsync(lease, default);
                        await journal.DisposeAsync();
                        journal = Open();
                        lease = await AcquireAsync(journal);
                        break;
                    case 1:
                        await ThrowsAsync(JournalFault.NotNext, journal.AppendAsync(lease, JournalChains.After(new JournalHead(head.Sequence + 1, head.Hash), 2), default));
                        break;
                    default:
                        var batch = JournalChains.After(head, kind);
                        await journal.AppendAsync(lease, batch, default);
                        chain.AddRange(batch);
                        break;
                }

                Assert.Equal(chain.Count, (await journal.HeadAsync(default)).Sequence);
            }

            await HoldsAsync(journal, chain);
        }
        finally
        {
            await journal.DisposeAsync();
        }
    }
}
