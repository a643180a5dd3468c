using SwarmPool.Simulation.Bugs;
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

/// <summary>One daemon's handle on the disk: the contract's journal, with writes that take time and may be the last, over a way that may stall.</summary>
internal sealed class SimJournal(
    SimDisk disk, StoreTrouble way, Pump pump, SimProcess process, Dice dice, Trace trace, Func<bool> isSlow, Func<CrashPoint> strike, Action die, TimeSpan lease,
    Action<string> seen) : IPoolJournal
{
    private long stalledUntil;

    public string Location => "the simulated disk";

    public async ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        await LookAsync();
        if (disk.IsHeld(Clock) && !disk.IsHolder(process))
        {
            throw new JournalException(JournalFault.Held, $"{disk.Leader!.Owner} holds it");
        }

        var taken = disk.Grant(process, owner, process.Time.GetUtcNow(), Clock + duration.Ticks, pump.Now, pump.Now + duration.Ticks);
        trace.Note($"lease {taken.Fence} to {owner}");
        if (disk.Followers.ContainsKey(owner))
        {
            seen("taken_over");
        }

        return taken;
    }

    public async ValueTask RenewAsync(JournalLease held, CancellationToken cancellationToken)
    {
        await LookAsync();
        RequireFence(held);
        disk.Extend(Clock + lease.Ticks, pump.Now + lease.Ticks);
    }

    public async ValueTask ReleaseAsync(JournalLease held, CancellationToken cancellationToken)
    {
        await LookAsync();
        if (held.Fence == disk.Fence)
        {
            disk.Free();
        }
        else if (disk.Mistake == Bug.ReleaseFreesAnyLease)
        {
            disk.Forget();
        }
    }

    public async ValueTask AppendAsync(JournalLease held, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
    {
        await LookAsync();
        RequireFence(held, Bug.JournalForgetsTheFence);
        await SendAsync("append", held, Bug.JournalForgetsTheFence, () =>
        {
            RequireChain(batch);
            foreach (var record in batch)
            {
                trace.Add("append", record.Body.Span);
            }

            disk.Write(batch, held.Fence);
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

    public async ValueTask SaveSnapshotAsync(JournalLease held, StateSnapshot snapshot, CancellationToken cancellationToken)
    {
        await LookAsync();
        RequireFence(held);
        await WriteAsync("snapshot", () => disk.Save(snapshot, held.Fence));
    }

    public async ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken)
    {
        await LookAsync();
        return disk.Snapshot;
    }

    public async ValueTask SaveCursorAsync(JournalLease held, string cursor, long sequence, CancellationToken cancellationToken)
    {
        await LookAsync();
        RequireFence(held, Bug.CursorForgetsTheFence);
        await SendAsync("cursor", held, Bug.CursorForgetsTheFence, () => disk.Save(cursor, sequence, held.Fence));
    }

    public async ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken)
    {
        await LookAsync();
        return disk.Cursors.TryGetValue(cursor, out var saved) && saved.Count > 0 ? saved[^1] : 0;
    }

    public async ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken)
    {
        await LookAsync();
        return new JournalMembers(
            disk.IsHeld(Clock) ? disk.Leader : null,
            [.. disk.Followers.Values.Where(one => one.Until > pump.Now).Select(one => one.Follower)]);
    }

    public async ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await LookAsync();
        disk.Followers[owner] = (new JournalFollower(owner, sequence, process.Time.GetUtcNow()), pump.Now + lifetime.Ticks);
    }

    public ValueTask DisposeAsync() => default;

    // The store's own clock, unless that is the mistake.
    private long Clock => disk.Mistake == Bug.LeaseByTheAskersClock ? (process.Time.GetUtcNow() - SimTime.Beginning).Ticks : pump.Now;

    private async Task LookAsync()
    {
        pump.RequireStep($"{process.Name}'s journal");
        await Task.Delay(TimeSpan.FromTicks(dice.Between(1, 20_000)), process.Time, CancellationToken.None);
        while (stalledUntil > pump.Now)
        {
            await Task.Delay(TimeSpan.FromTicks(stalledUntil - pump.Now), process.Time, CancellationToken.None);
        }

        if (way.IsDown)
        {
            throw new JournalException(JournalFault.Unavailable, "the store can't be reached");
        }
    }

    // A write that may take longer than the lease that it is made under, there or back.
    private async Task SendAsync(string what, JournalLease held, Bug forgetting, Action write)
    {
        var stall = way.Next();
        if (stall != Stall.None)
        {
            trace.Note($"{what} stalls: {stall}");
            stalledUntil = pump.Now + (stall == Stall.Ambiguous ? 0 : way.Length().Ticks);
        }

        if (stall == Stall.ArrivesLate)
        {
            await ArriveAsync(what, held, forgetting, write);
            return;
        }

        await WriteAsync(what, write);
        if (stall == Stall.Ambiguous)
        {
            throw new JournalException(JournalFault.Unavailable, "the connection broke before the answer");
        }
    }

    // What is on its way arrives, whatever became of its sender; there it is judged.
    private async Task ArriveAsync(string what, JournalLease held, Bug forgetting, Action write)
    {
        var answer = new TaskCompletionSource();
        pump.At(TimeSpan.FromTicks(stalledUntil - pump.Now), way.Store, () =>
        {
            try
            {
                if (disk.Mistake != Bug.FenceIsCheckedTooEarly)
                {
                    RequireFence(held, forgetting);
                }

                write();
                answer.SetResult();
            }
            catch (JournalException refused)
            {
                seen($"late_{what}_refused");
                answer.SetException(refused);
            }
        });
        await answer.Task;
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

        var wait = isSlow() ? dice.Span(0.05, 1.5) : TimeSpan.FromTicks(dice.Between(1, 100_000));
        await Task.Delay(wait > TimeSpan.FromTicks(stalledUntil - pump.Now) ? wait : TimeSpan.FromTicks(stalledUntil - pump.Now), process.Time, CancellationToken.None);
    }

    private void RequireFence(JournalLease held, Bug forgetting = Bug.None)
    {
        if (held.Fence != disk.Fence && (forgetting == Bug.None || disk.Mistake != forgetting))
        {
            throw new JournalException(JournalFault.StaleFence, $"the lease {held.Fence} was taken over by {disk.Fence}");
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
