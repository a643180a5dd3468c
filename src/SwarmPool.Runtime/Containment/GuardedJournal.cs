using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Containment;

/// <summary>A journal behind its gate: what goes wrong is a <see cref="JournalException"/>, and that ends the daemon. It never goes on in doubt.</summary>
internal sealed class GuardedJournal(IPoolJournal inner, PluginGate gate) : GuardedSlot(inner, gate), IPoolJournal
{
    private GuardedIndex? index;

    public string Location => Gate.Clean(Gate.Call(nameof(Location), inner, static j => j.Location));

    public IPublicIndex? PublicIndex => index ??= Gate.Call(nameof(PublicIndex), inner, static j => j.PublicIndex) is { } own ? new GuardedIndex(own, Gate) : null;

    public static bool IsContract(Exception thrown) => thrown is JournalException;

    public static Exception AsContract(string message, Exception? cause) => new JournalException(JournalFault.Unavailable, message, cause);

    public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) => Gate.CallAsync(
        nameof(AcquireAsync), (inner, pool, owner, duration), static (s, stop) => s.inner.AcquireAsync(s.pool, s.owner, s.duration, stop), cancellationToken);

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(RenewAsync), (inner, lease), static (s, stop) => s.inner.RenewAsync(s.lease, stop), cancellationToken);

    public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(ReleaseAsync), (inner, lease), static (s, stop) => s.inner.ReleaseAsync(s.lease, stop), cancellationToken);

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(AppendAsync), (inner, lease, batch), static (s, stop) => s.inner.AppendAsync(s.lease, s.batch, stop), cancellationToken);

    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(HeadAsync), inner, static (j, stop) => j.HeadAsync(stop), cancellationToken);

    public IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, CancellationToken cancellationToken) =>
        Gate.ReadAsync(nameof(ReadAsync), (inner, fromSequence), static (s, stop) => s.inner.ReadAsync(s.fromSequence, stop), cancellationToken);

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(SaveSnapshotAsync), (inner, lease, snapshot), static (s, stop) => s.inner.SaveSnapshotAsync(s.lease, s.snapshot, stop), cancellationToken);

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(LoadSnapshotAsync), inner, static (j, stop) => j.LoadSnapshotAsync(stop), cancellationToken);

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) => Gate.CallAsync(
        nameof(SaveCursorAsync), (inner, lease, cursor, sequence), static (s, stop) => s.inner.SaveCursorAsync(s.lease, s.cursor, s.sequence, stop), cancellationToken);

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(LoadCursorAsync), (inner, cursor), static (s, stop) => s.inner.LoadCursorAsync(s.cursor, stop), cancellationToken);

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(MembersAsync), inner, static (j, stop) => j.MembersAsync(stop), cancellationToken);

    public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) => Gate.CallAsync(
        nameof(ReportAsync), (inner, owner, sequence, lifetime), static (s, stop) => s.inner.ReportAsync(s.owner, s.sequence, s.lifetime, stop), cancellationToken);

    private sealed class GuardedIndex(IPublicIndex inner, PluginGate gate) : IPublicIndex
    {
        public void Show(string pool, Cid state, IReadOnlyList<PublicEpoch> epochs) => gate.Call(nameof(Show), (inner, pool, state, epochs), static s =>
        {
            s.inner.Show(s.pool, s.state, s.epochs);
            return true;
        });
    }
}
