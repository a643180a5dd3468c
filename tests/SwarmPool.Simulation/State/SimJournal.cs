using SwarmPool.Simulation.Engine;
using SwarmPool.State;

namespace SwarmPool.Simulation.State;

/// <summary>Where a journal's write is when its daemon dies.</summary>
internal enum CrashPoint
{
    None = 0,
    Before,
    After,
    Refused,
}

/// <summary>One daemon's handle on the disk: the contract's journal, with writes that take time and may be the last.</summary>
internal sealed class SimJournal(SimDisk disk, Pump pump, SimProcess process, Dice dice, Trace trace, Func<bool> isSlow, Func<CrashPoint> strike, Action die) : IPoolJournal
{
    private readonly string holder = $"{process.Name}#{disk.Fence + 1}@{pump.Now}";

    public string Location => "the simulated disk";

    public async ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        await LookAsync();
        if (disk.Holder is not null && disk.Holder != holder && disk.HeldUntil > pump.Now)
        {
            throw new JournalException(JournalFault.Held, $"{disk.Holder} holds it");
        }

        disk.Holder = holder;
        disk.HeldUntil = pump.Now + duration.Ticks;
        trace.Note($"lease {disk.Fence + 1} to {holder}");
        disk.Leader = new JournalLeader(++disk.Fence, owner, process.Time.GetUtcNow());
        return new JournalLease(disk.Fence, owner);
    }

    public async ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken)
    {
        await LookAsync();
        RequireFence(lease);
        disk.HeldUntil = pump.Now + TimeSpan.FromSeconds(10).Ticks;
    }

    public async ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken)
    {
        await LookAsync();
        if (lease.Fence == disk.Fence)
        {
            disk.Holder = null;
        }
    }

    public async ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
    {
        await LookAsync();
        RequireFence(lease);
        RequireChain(batch);
        await WriteAsync("append", () =>
        {
            foreach (var record in batch)
            {
                trace.Add("append", record.Body.Span);
            }

            disk.Write(batch);
        });
    }

    public async ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken)
    {
        await LookAsync();
        return disk.Head;
    }

    public async IAsyncEnumerable<JournalRecord> ReadAsync(
        long fromSequence, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await LookAsync();
        var upTo = disk.Records.Count;
        for (var at = (int)Math.Max(0, fromSequence - 1); at < upTo; at++)
        {
            yield return disk.Records[at];
        }
    }

    public async ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken)
    {
        await LookAsync();
        RequireFence(lease);
        await WriteAsync("snapshot", () => disk.Snapshot = snapshot);
    }

    public async ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken)
    {
        await LookAsync();
        return disk.Snapshot;
    }

    public async ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken)
    {
        await LookAsync();
        RequireFence(lease);
        await WriteAsync("cursor", () =>
        {
            if (!disk.Cursors.TryGetValue(cursor, out var saved))
            {
                disk.Cursors.Add(cursor, saved = []);
            }

            saved.Add(sequence);
        });
    }

    public async ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken)
    {
        await LookAsync();
        return disk.Cursors.TryGetValue(cursor, out var saved) && saved.Count > 0 ? saved[^1] : 0;
    }

    public async ValueTask<JournalStanding> StandingAsync(CancellationToken cancellationToken)
    {
        await LookAsync();
        var isHeld = disk.Holder is not null && disk.HeldUntil > pump.Now;
        return new JournalStanding(isHeld ? disk.Leader : null, [.. disk.Followers.Values.Where(one => one.Until > pump.Now).Select(one => one.Follower)]);
    }

    public async ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await LookAsync();
        disk.Followers[owner] = (new JournalFollower(owner, sequence, process.Time.GetUtcNow()), pump.Now + lifetime.Ticks);
    }

    public ValueTask DisposeAsync() => default;

    private async Task LookAsync()
    {
        pump.RequireStep($"{process.Name}'s journal");
        await Task.Delay(TimeSpan.FromTicks(dice.Between(1, 20_000)), process.Time, CancellationToken.None);
    }

    private async Task WriteAsync(string what, Action write)
    {
        var point = strike();
        if (point == CrashPoint.Refused)
        {
            throw new JournalException(JournalFault.NoRoom, "the disk is full");
        }

        if (point == CrashPoint.Before)
        {
            trace.Note($"crash before {what}");
            die();
            await Task.Yield(); // Nothing comes after this: the process is dead.
        }

        // Written at once, as a transaction is; told a while later.
        write();
        if (point == CrashPoint.After)
        {
            trace.Note($"crash after {what}");
            die();
        }

        await Task.Delay(isSlow() ? dice.Span(0.05, 1.5) : TimeSpan.FromTicks(dice.Between(1, 100_000)), process.Time, CancellationToken.None);
    }

    private void RequireFence(JournalLease lease)
    {
        if (lease.Fence != disk.Fence && !disk.ForgetsFences)
        {
            throw new JournalException(JournalFault.StaleFence, $"the lease {lease.Fence} was taken over by {disk.Fence}");
        }
    }

    private void RequireChain(IReadOnlyList<JournalRecord> batch)
    {
        var head = disk.Head;
        foreach (var record in batch)
        {
            if (record.Sequence != head.Sequence + 1 || !record.Previous.Span.SequenceEqual(head.Hash.Span))
            {
                throw new JournalException(JournalFault.NotNext, $"record {record.Sequence} does not follow {head.Sequence}");
            }

            head = new JournalHead(record.Sequence, record.Hash);
        }
    }
}
