using System.Runtime.CompilerServices;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>
/// A journal as somebody left it who can write its store and has no key: from one record on all are other ones, hashed anew, so that they chain.
/// What a daemon appends is kept apart.
/// </summary>
internal sealed class ForgedJournal(IPoolJournal inner, Func<PoolState, PoolRecord, PoolRecord> forge) : IPoolJournal
{
    private List<JournalRecord>? records;

    /// <summary>A forger who has the rules as well, and lets them decide what he changed.</summary>
    public static PoolRecord Decided(PoolState state, PoolRecord record) =>
        record with { Events = PoolMachine.Decide(state, record.Input!, record.Facts, record.At).Events };

    public string Location => inner.Location;

    public async IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var record in await AllAsync(cancellationToken))
        {
            if (record.Sequence >= fromSequence)
            {
                yield return record;
            }
        }
    }

    public async ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) =>
        await AllAsync(cancellationToken) is { Count: > 0 } all ? new JournalHead(all[^1].Sequence, all[^1].Hash) : JournalHead.Empty;

    public async ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken) =>
        (await AllAsync(cancellationToken)).AddRange(batch);

    public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.AcquireAsync(pool, owner, duration, cancellationToken);

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) => inner.RenewAsync(lease, cancellationToken);

    public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) => inner.ReleaseAsync(lease, cancellationToken);

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) => default;

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => inner.LoadSnapshotAsync(cancellationToken);

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) => default;

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => inner.LoadCursorAsync(cursor, cancellationToken);

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) => inner.MembersAsync(cancellationToken);

    public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) =>
        inner.ReportAsync(owner, sequence, lifetime, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<List<JournalRecord>> AllAsync(CancellationToken cancellationToken)
    {
        if (records is not null)
        {
            return records;
        }

        var (all, state, writer) = (new List<JournalRecord>(), new PoolState(), new RecordWriter());
        await foreach (var stored in inner.ReadAsync(1, cancellationToken))
        {
            var forged = forge(state, RecordCodec.Decode(stored, withInput: true));
            all.Add(writer.Write(forged, all.Count == 0 ? JournalHead.Empty.Hash : all[^1].Hash));
            state.Apply(forged.Sequence, forged.At, forged.Events);
        }

        return records = all;
    }
}
