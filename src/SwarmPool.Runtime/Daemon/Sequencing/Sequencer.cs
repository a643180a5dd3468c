using System.Threading.Channels;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Checks;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Timing;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Sequencing;

/// <summary>
/// The only writer: takes inputs one at a time, decides, applies, and makes a batch of decisions durable in one append
/// before any of them is announced. A failed append ends it, and with it the daemon: it never goes on in doubt.
/// </summary>
internal sealed class Sequencer : IDisposable
{
    private const int QueueLength = 8192;
    private const int BatchLength = 256;
    private const long LongestWaitMs = 3_600_000;

    private readonly IPoolJournal journal;
    private readonly LeaderLease lease;
    private readonly PoolState state;
    private readonly DecideFunction decide;
    private readonly DrawSecrets draws;
    private readonly AgreementWords? agreements;
    private readonly SteadyTime clock;
    private readonly PoolTime time;
    private readonly ChannelWriter<Commit> commits;
    private readonly Channel<SequencerWork> queue = Channel.CreateBounded<SequencerWork>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly RecordWriter writer = new();
    private readonly ITimer alarm;
    private ReadOnlyMemory<byte> head;
    private long awakeAt;

    public Sequencer(
        IPoolJournal journal, LeaderLease lease, PoolState state, JournalHead head, ChannelWriter<Commit> commits, DecideFunction decide, SteadyTime clock, DrawSecrets draws,
        AgreementWords? agreements = null)
    {
        this.journal = journal;
        this.lease = lease;
        this.state = state;
        this.head = head.Hash;
        this.commits = commits;
        this.decide = decide;
        this.draws = draws;
        this.agreements = agreements;
        this.clock = clock;
        time = new PoolTime(clock);
        alarm = clock.CreateTimer(_ => queue.Writer.TryWrite(new InputWork(new TimeInput(), PoolFacts.None)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Decides about an input. Completes when the decision is durable (or was a refusal); throws what stopped the sequencer.</summary>
    public async ValueTask<Decision> SubmitAsync(PoolInput input, PoolFacts facts, CancellationToken cancellationToken)
    {
        var work = new InputWork(input, facts);
        await queue.Writer.WriteAsync(work, cancellationToken);
        return await work.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// What would be decided about an input now, by the durable state: by the same rules as <see cref="SubmitAsync"/>, with nothing applied,
    /// journaled or announced. What the rules throw is thrown here, and stops nothing else.
    /// </summary>
    public ValueTask<Decision> PreviewAsync(PoolInput input, PoolFacts facts, CancellationToken cancellationToken) =>
        AskAsync(durable => Preview(durable, input, facts), cancellationToken);

    /// <summary>The same within a question.</summary>
    public Decision Preview(PoolState durable, PoolInput input, PoolFacts facts) => decide(durable, input, facts, TimeOf(durable));

    /// <summary>What time it is for the pool, unix milliseconds: never before a state's own time.</summary>
    public long TimeOf(PoolState at) => time.At(at.At);

    /// <summary>Reads the durable state between two batches. The function must be short and keep nothing that changes.</summary>
    public ValueTask<T> AskAsync<T>(Func<PoolState, T> question, CancellationToken cancellationToken) => AskAsync((state, _) => question(state), cancellationToken);

    /// <summary>The same, with the record that the state is at, as it was written here and whatever the store says.</summary>
    public async ValueTask<T> AskAsync<T>(Func<PoolState, JournalHead, T> question, CancellationToken cancellationToken)
    {
        var work = new Question<T>(question);
        await queue.Writer.WriteAsync(work, cancellationToken);
        return await work.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>True once it takes nothing more: completed, or failed.</summary>
    public bool IsOver => queue.Reader.Completion.IsCompleted;

    /// <summary>Takes no more inputs; <see cref="RunAsync"/> ends when those it has are decided.</summary>
    public void Complete() => queue.Writer.TryComplete();

    /// <summary>Runs until completed. Throws when the journal can't be written.</summary>
    public async Task RunAsync()
    {
        var batch = new List<SequencerWork>(BatchLength);
        try
        {
            while (await queue.Reader.WaitToReadAsync())
            {
                while (batch.Count < BatchLength && queue.Reader.TryRead(out var work))
                {
                    batch.Add(work);
                }

                await CommitAsync(batch);
                batch.Clear();
                SetAlarm();
            }
        }
        catch (Exception e)
        {
            Fail(batch, e);
            commits.TryComplete(e);
            throw;
        }

        commits.TryComplete();
    }

    public void Dispose() => alarm.Dispose();

    private async ValueTask CommitAsync(List<SequencerWork> batch)
    {
        await clock.SureAsync(CancellationToken.None); // No record is dated by a clock that has just jumped.
        await lease.SureAsync(CancellationToken.None); // Without the lease nothing is decided: what is refused or repeated has no record that the store could refuse.
        var records = new List<StoredRecord>(batch.Count);
        var announcements = new AnnouncementBatch();
        var first = state.Sequence + 1;
        NoticePause(first, records, announcements);
        foreach (var work in batch)
        {
            if (work is InputWork input)
            {
                input.Decision = Decide(input.Input, input.Facts, first, records, announcements);
            }
        }

        DecideWhatIsDue(first, records, announcements);
        if (records.Count > 0)
        {
            await journal.AppendAsync(lease.Held, records.ConvertAll(r => r.Stored), CancellationToken.None);
            var last = records[^1];
            await commits.WriteAsync(new Commit(first, last.Record.Sequence, last.Stored.Hash, last.Record.At, announcements));
        }

        foreach (var work in batch)
        {
            work.Answer(state, new JournalHead(state.Sequence, head));
        }
    }

    private Decision Decide(PoolInput input, PoolFacts facts, long commit, List<StoredRecord> records, AnnouncementBatch announcements)
    {
        var at = TimeOf(state);
        var decision = decide(state, input, facts, at);
        if (decision.Question is { } asked)
        {
            facts = facts with { Agreement = agreements?.Of(asked) ?? AgreementFact.Untold(asked.Verifier) }; // Likewise: of just the answers that are there now.
            decision = decide(state, input, facts, at);
        }

        if (decision.Kind == DecisionKind.NeedsDraw)
        {
            facts = facts with { Draw = draws.Of(state) }; // Here alone: what waits for its turn may come after the epoch that it was sent in.
            decision = decide(state, input, facts, at);
        }

        if (decision.Kind == DecisionKind.Accepted)
        {
            var record = new PoolRecord(state.Sequence + 1, at, commit, input, facts, decision.Events);
            var stored = writer.Write(record, head);
            state.Apply(record.Sequence, at, record.Events);
            head = stored.Hash;
            records.Add(new StoredRecord(record, stored));
            announcements.Add(record, state);
            if (DrawSecrets.IsDue(state))
            {
                Decide(new DrawInput(), new PoolFacts { Draw = draws.Draw() }, commit, records, announcements); // Before anything else is decided in the new epoch.
            }
        }

        return decision;
    }

    // Its own alarm wakes it several times a lease. When it did not, the process or its machine stood still, and what the miners
    // sent meanwhile is still to be read: before anything is found to be due, live claims get a whole lease again.
    private void NoticePause(long commit, List<StoredRecord> records, AnnouncementBatch announcements)
    {
        var now = TimeOf(state);
        if (awakeAt > 0 && state.Settings is { } settings && now - awakeAt > settings.ClaimTimeoutMs / 2)
        {
            Decide(new ResumedInput(), PoolFacts.None, commit, records, announcements);
        }

        awakeAt = now;
    }

    private void DecideWhatIsDue(long commit, List<StoredRecord> records, AnnouncementBatch announcements)
    {
        var tick = new TimeInput();
        for (var i = 0; i < BatchLength && Decide(tick, PoolFacts.None, commit, records, announcements).Kind == DecisionKind.Accepted; i++)
        {
        }
    }

    // For what is due next, and in any case several times a lease: NoticePause tells a pause by the alarms that did not come.
    private void SetAlarm()
    {
        var wait = state.Settings is { } settings ? settings.ClaimTimeoutMs / 8 : LongestWaitMs;
        if (state.Due.TryPeek(out var due))
        {
            wait = Math.Min(wait, due.DueMs - TimeOf(state));
        }

        alarm.Change(TimeSpan.FromMilliseconds(Math.Clamp(wait, 1, LongestWaitMs)), Timeout.InfiniteTimeSpan);
    }

    private void Fail(List<SequencerWork> batch, Exception e)
    {
        queue.Writer.TryComplete(e);
        batch.ForEach(work => work.Fail(e));
        while (queue.Reader.TryRead(out var work))
        {
            work.Fail(e);
        }
    }
}
