using SwarmPool.State;

namespace SwarmPool.Testing.Journal;

/// <content>The lease, its fence, snapshots and cursors.</content>
public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_second_opener_is_refused_with_the_holders_name()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal, "host-7, process 42");
        await using var other = Open();
        Assert.Contains("host-7, process 42", (await ThrowsAsync(JournalFault.Held, AcquireAsync(other, "other"))).Message, StringComparison.Ordinal);
        await ThrowsAsync(JournalFault.Held, AcquireAsync(journal, "again"));
        await journal.RenewAsync(lease, default);
    }

    [Fact]
    public async Task Of_many_that_want_the_lease_one_gets_it()
    {
        var handles = Enumerable.Range(0, 6).Select(_ => Open()).ToList();
        var leases = await Task.WhenAll(handles.Select(async handle =>
        {
            try
            {
                return await AcquireAsync(handle);
            }
            catch (JournalException fault) when (fault.Fault == JournalFault.Held)
            {
                return null;
            }
        }));
        Assert.Single(leases, lease => lease is not null);
        foreach (var handle in handles)
        {
            await handle.DisposeAsync();
        }
    }

    [Fact]
    public async Task Each_lease_has_a_higher_fence()
    {
        await using var journal = Open();
        long last = 0;
        for (var i = 0; i < 4; i++)
        {
            var lease = await AcquireAsync(journal, $"owner {i}");
            Assert.InRange(lease.Fence, last + 1, long.MaxValue);
            Assert.Equal($"owner {i}", lease.Owner);
            last = lease.Fence;
            await journal.ReleaseAsync(lease, default);
            await journal.ReleaseAsync(lease, default);
        }
    }

    [Fact]
    public async Task A_writer_that_was_replaced_is_refused_for_ever_by_every_handle()
    {
        await using var first = Open();
        var old = await AcquireAsync(first);
        await first.RenewAsync(old, default);
        var records = JournalChains.After(JournalHead.Empty, 2);
        await first.AppendAsync(old, records, default);
        await LoseLeaseAsync(first, old);

        await using var second = Open();
        var newer = await AcquireAsync(second);
        for (var round = 0; round < 2; round++)
        {
            foreach (var handle in new[] { first, second })
            {
                await ThrowsAsync(JournalFault.StaleFence, handle.RenewAsync(old, default));
                await ThrowsAsync(JournalFault.StaleFence, handle.AppendAsync(old, JournalChains.After(JournalChains.HeadOf(records), 1, "old"), default));
                await ThrowsAsync(JournalFault.StaleFence, handle.SaveCursorAsync(old, "c", 1, default));
                await ThrowsAsync(JournalFault.StaleFence, handle.SaveSnapshotAsync(old, Snapshot(1, 1), default));
                await handle.ReleaseAsync(old, default);
            }

            var batch = JournalChains.After(JournalChains.HeadOf(records), 1, "new");
            await second.AppendAsync(newer, batch, default);
            records.AddRange(batch);
        }

        await HoldsAsync(second, records);
        Assert.Null(await second.LoadSnapshotAsync(default));
        Assert.Equal(0, await second.LoadCursorAsync("c", default));
    }

    [Fact]
    public async Task A_lease_that_was_never_given_is_refused()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        var batch = JournalChains.After(JournalHead.Empty, 1);
        foreach (var fence in new[] { lease.Fence - 1, lease.Fence + 1, 0, long.MaxValue })
        {
            await ThrowsAsync(JournalFault.StaleFence, journal.AppendAsync(lease with { Fence = fence }, batch, default));
        }

        await journal.ReleaseAsync(lease with { Fence = lease.Fence + 1 }, default);
        await journal.AppendAsync(lease, batch, default);
    }

    [Fact]
    public async Task An_empty_batch_is_taken_from_the_holder_only()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        await journal.AppendAsync(lease, [], default);
        await ThrowsAsync(JournalFault.StaleFence, journal.AppendAsync(lease with { Fence = lease.Fence - 1 }, [], default));
    }

    [Fact]
    public async Task A_journal_belongs_to_one_pool()
    {
        await using (var journal = Open())
        {
            await journal.ReleaseAsync(await AcquireAsync(journal), default);
        }

        await using var other = Open();
        var refusal = await ThrowsAsync(JournalFault.OtherPool, other.AcquireAsync("other.eth", "test", LeaseDuration, default));
        Assert.Contains(Pool, refusal.Message, StringComparison.Ordinal);
        await AcquireAsync(other);
    }

    [Fact]
    public async Task The_newest_snapshot_and_the_last_cursor_count()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        foreach (var sequence in new byte[] { 1, 2, 3, 4 })
        {
            await journal.SaveSnapshotAsync(lease, Snapshot(sequence, sequence), default);
            await journal.SaveCursorAsync(lease, "a", sequence * 10, default);
        }

        await journal.SaveCursorAsync(lease, "b", 7, default);
        await using var reader = Open();
        Assert.Equal(4, (await reader.LoadSnapshotAsync(default))!.Sequence);
        Assert.Equal((40L, 7L, 0L), (await reader.LoadCursorAsync("a", default), await reader.LoadCursorAsync("b", default), await reader.LoadCursorAsync("c", default)));
    }

    [Fact]
    public async Task A_disposed_journal_says_so_and_frees_the_lease()
    {
        var journal = Open();
        var lease = await AcquireAsync(journal);
        await journal.DisposeAsync();
        await journal.DisposeAsync();
        var fault = await Assert.ThrowsAnyAsync<Exception>(async () => await journal.AppendAsync(lease, [], default));
        Assert.True(fault is ObjectDisposedException or JournalException, $"{fault.GetType()} is neither an ObjectDisposedException nor a JournalException.");
        await using var next = Open();
        Assert.InRange((await AcquireAsync(next)).Fence, lease.Fence + 1, long.MaxValue);
    }
}
