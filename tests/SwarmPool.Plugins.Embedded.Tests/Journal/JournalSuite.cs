using SwarmPool.State;

namespace SwarmPool.Plugins.Embedded.Tests.Journal;

/// <summary>What the contract asks of any journal; an implementation says how to open another handle on the same one.</summary>
public abstract class JournalSuite
{
    /// <summary>Another handle on the journal of this test.</summary>
    protected abstract IPoolJournal Open();

    [Fact]
    public async Task A_new_journal_is_empty()
    {
        await using var journal = Open();
        await journal.AcquireAsync();
        Assert.Equal(0, (await journal.HeadAsync(default)).Sequence);
        Assert.Empty(await Records.AllAsync(journal));
        Assert.Null(await journal.LoadSnapshotAsync(default));
        Assert.Equal(0, await journal.LoadCursorAsync("announced", default));
    }

    [Fact]
    public async Task What_was_appended_is_read_in_order_from_anywhere_and_by_another_handle()
    {
        await using var journal = Open();
        var lease = await journal.AcquireAsync();
        var records = Records.After(JournalHead.Empty, 1203);
        await journal.AppendAsync(lease, records.GetRange(0, 3), default);
        await journal.AppendAsync(lease, records.GetRange(3, 1200), default);
        await using var reader = Open();
        foreach (var from in new[] { 1, 2, 501, 1203, 1204 })
        {
            var read = await Records.AllAsync(reader, from);
            Assert.Equal(records.Skip(from - 1).Select(one => Convert.ToHexString(one.Body.Span)), read.Select(one => Convert.ToHexString(one.Body.Span)));
        }

        var head = await reader.HeadAsync(default);
        Assert.Equal((1203, Convert.ToHexString(records[^1].Hash.Span)), (head.Sequence, Convert.ToHexString(head.Hash.Span)));
    }

    [Fact]
    public async Task A_batch_with_one_bad_record_is_not_taken_at_all()
    {
        await using var journal = Open();
        var lease = await journal.AcquireAsync();
        var records = Records.After(JournalHead.Empty, 4);
        await Throws(JournalFault.NotNext, journal.AppendAsync(lease, [records[0], records[1], records[3]], default));
        await Throws(JournalFault.Damaged, journal.AppendAsync(lease, [records[0], records[1] with { Body = new byte[] { 1 } }], default));
        Assert.Equal(0, (await journal.HeadAsync(default)).Sequence);
        await journal.AppendAsync(lease, records, default);
        Assert.Equal(4, (await journal.HeadAsync(default)).Sequence);
    }

    [Fact]
    public async Task A_record_that_does_not_follow_the_head_is_refused()
    {
        await using var journal = Open();
        var lease = await journal.AcquireAsync();
        var records = Records.After(JournalHead.Empty, 2);
        await Throws(JournalFault.NotNext, journal.AppendAsync(lease, [records[1]], default));
        await journal.AppendAsync(lease, records, default);
        await Throws(JournalFault.NotNext, journal.AppendAsync(lease, [records[1]], default));
        await Throws(JournalFault.NotNext, journal.AppendAsync(lease, Records.After(new JournalHead(2, new byte[32]), 1), default));
    }

    [Fact]
    public async Task An_empty_batch_is_taken_from_the_holder_only()
    {
        await using var journal = Open();
        var lease = await journal.AcquireAsync();
        await journal.AppendAsync(lease, [], default);
        await Throws(JournalFault.StaleFence, journal.AppendAsync(lease with { Fence = lease.Fence - 1 }, [], default));
    }

    [Fact]
    public async Task A_second_opener_is_refused_with_the_holders_name()
    {
        await using var journal = Open();
        await journal.AcquireAsync("host-7, process 42");
        await using var other = Open();
        var refusal = await Throws(JournalFault.Held, other.AcquireAsync("other"));
        Assert.Contains("host-7, process 42 since 20", refusal.Message);
        await Throws(JournalFault.Held, journal.AcquireAsync("again"));
    }

    [Fact]
    public async Task Each_lease_has_a_higher_fence_and_an_older_one_is_refused_for_ever()
    {
        await using var first = Open();
        var old = await first.AcquireAsync();
        await first.RenewAsync(old, default);
        await first.ReleaseAsync(old, default);
        await first.ReleaseAsync(old, default);
        await Throws(JournalFault.StaleFence, first.RenewAsync(old, default));
        var newer = await first.AcquireAsync();
        Assert.True(newer.Fence > old.Fence);
        await Throws(JournalFault.StaleFence, first.AppendAsync(old, Records.After(JournalHead.Empty, 1), default));
        await Throws(JournalFault.StaleFence, first.SaveCursorAsync(old, "c", 1, default));
        await Throws(JournalFault.StaleFence, first.SaveSnapshotAsync(old, new StateSnapshot("f", 1, new byte[32], new byte[1]), default));
        await first.ReleaseAsync(old, default);
        await first.AppendAsync(newer, Records.After(JournalHead.Empty, 1), default);
    }

    [Fact]
    public async Task A_journal_belongs_to_one_pool()
    {
        await using (var journal = Open())
        {
            await journal.AcquireAsync();
        }

        await using var other = Open();
        var refusal = await Throws(JournalFault.OtherPool, other.AcquireAsync("other.eth", "test", TimeSpan.FromSeconds(1), default));
        Assert.Contains(Records.Pool, refusal.Message);
        await other.AcquireAsync();
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        var records = Records.After(JournalHead.Empty, 5);
        await using (var journal = Open())
        {
            var lease = await journal.AcquireAsync();
            await journal.AppendAsync(lease, records, default);
            await journal.SaveSnapshotAsync(lease, new StateSnapshot("state/1", 5, records[^1].Hash, new byte[] { 1, 2, 3 }), default);
            await journal.SaveCursorAsync(lease, "announced", 4, default);
        }

        await using var again = Open();
        var next = await again.AcquireAsync();
        Assert.Equal(5, (await again.HeadAsync(default)).Sequence);
        Assert.Equal(4, await again.LoadCursorAsync("announced", default));
        var snapshot = await again.LoadSnapshotAsync(default);
        Assert.Equal(("state/1", 5L, "010203"), (snapshot!.Format, snapshot.Sequence, Convert.ToHexString(snapshot.Body.Span)));
        await again.AppendAsync(next, Records.After(await again.HeadAsync(default), 1), default);
    }

    [Fact]
    public async Task The_newest_snapshot_and_the_last_cursor_count()
    {
        await using var journal = Open();
        var lease = await journal.AcquireAsync();
        foreach (var sequence in new[] { 1, 2, 3, 4 })
        {
            await journal.SaveSnapshotAsync(lease, new StateSnapshot("f", sequence, new byte[32], new[] { (byte)sequence }), default);
            await journal.SaveCursorAsync(lease, "a", sequence * 10, default);
        }

        await journal.SaveCursorAsync(lease, "b", 7, default);
        Assert.Equal(4, (await journal.LoadSnapshotAsync(default))!.Sequence);
        Assert.Equal((40L, 7L), (await journal.LoadCursorAsync("a", default), await journal.LoadCursorAsync("b", default)));
    }

    [Fact]
    public async Task A_read_ends_at_the_head_of_its_beginning_while_the_writer_goes_on()
    {
        await using var journal = Open();
        var lease = await journal.AcquireAsync();
        await journal.AppendAsync(lease, Records.After(JournalHead.Empty, 700), default);
        var count = 0;
        await foreach (var record in journal.ReadAsync(1, default))
        {
            if (++count == 1)
            {
                await journal.AppendAsync(lease, Records.After(await journal.HeadAsync(default), 700), default);
            }
        }

        Assert.Equal(700, count);
    }

    protected static async Task<JournalException> Throws(JournalFault fault, ValueTask work)
    {
        var thrown = await Assert.ThrowsAsync<JournalException>(async () => await work);
        Assert.Equal(fault, thrown.Fault);
        return thrown;
    }

    protected static async Task<JournalException> Throws<T>(JournalFault fault, ValueTask<T> work)
    {
        var thrown = await Assert.ThrowsAsync<JournalException>(async () => await work);
        Assert.Equal(fault, thrown.Fault);
        return thrown;
    }
}
