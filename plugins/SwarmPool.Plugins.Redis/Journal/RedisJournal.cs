using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Redis.Index;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>
/// The journal on a Redis server: records in a stream, the lease and its fence beside it, every write one script that looks at the
/// fence first. The lease lives by the server's clock; whoever lost it is refused, whatever its own clock says.
/// </summary>
/// <remarks>A lease that lapsed but was not taken by another still counts: nobody else can have written under it.</remarks>
internal sealed class RedisJournal : IPoolJournal
{
    private readonly ServerConnection connection;
    private readonly PoolKeys keys;
    private readonly JournalCalls calls;
    private readonly RedisJournalPages pages;
    private readonly SnapshotChunks snapshots;
    private readonly MembersTable members;
    private readonly DurabilityCheck durability;
    private readonly OpenServerCheck open;
    private readonly PublicIndex index;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<long, JournalLease> held = new();
    private int disposed;

    public RedisJournal(RedisJournalOptions options, ServerSettings server, TimeProvider time, ILogger<RedisJournal> logger)
    {
        this.logger = logger;
        connection = new ServerConnection(server, time, logger);
        keys = new PoolKeys(options.Pool);
        calls = new JournalCalls(connection, keys, new ReplicatedCall(server.AttemptLimit, options.Replicas));
        pages = new RedisJournalPages(connection, keys, calls.Location);
        snapshots = new SnapshotChunks(connection, calls, keys, logger);
        members = new MembersTable(calls, keys);
        durability = new DurabilityCheck(connection, keys, calls.Location, options.Durability, options.Vouch, logger);
        open = new OpenServerCheck(server, keys, logger);
        index = new PublicIndex(connection, () => held.Keys.DefaultIfEmpty().Max(), time, logger);
    }

    public string Location => calls.Location;

    public IPublicIndex PublicIndex => index;

    public async ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(pool);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        if (pool != keys.Pool)
        {
            throw calls.OtherPool(keys.Pool, pool);
        }

        await durability.EnsureAsync(cancellationToken);
        await pages.CheckTailAsync(cancellationToken);
        var lease = await calls.AcquireAsync(pool, owner, duration, cancellationToken);
        held[lease.Fence] = lease;
        RedisLog.JournalAcquired(logger, Location, lease.Fence);
        await open.LookAsync();
        return lease;
    }

    public async ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await calls.RenewAsync(lease.Fence, cancellationToken);
        await durability.EnsureAsync(cancellationToken);
    }

    public async ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await calls.ReleaseAsync(lease.Fence, cancellationToken);
        if (held.TryRemove(lease.Fence, out _))
        {
            RedisLog.JournalReleased(logger, Location, lease.Fence);
        }
    }

    public async ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(batch);
        await durability.EnsureAsync(cancellationToken);
        if (batch.Count == 0)
        {
            await calls.CheckFenceAsync(lease.Fence, cancellationToken);
            return;
        }

        await calls.AppendAsync(lease.Fence, batch, cancellationToken);
    }

    public async ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) => await pages.HeadAsync(cancellationToken);

    public IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, CancellationToken cancellationToken) =>
        pages.ReadAsync(Math.Max(1, fromSequence), cancellationToken);

    public async ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(snapshot);
        await snapshots.SaveAsync(lease.Fence, snapshot, cancellationToken);
    }

    public async ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => await snapshots.LoadAsync(cancellationToken);

    public async ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentException.ThrowIfNullOrEmpty(cursor);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        await calls.SaveCursorAsync(lease.Fence, cursor, sequence, cancellationToken);
    }

    public async ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(cursor);
        return await calls.LoadCursorAsync(cursor, cancellationToken);
    }

    public async ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) => await members.ReadAsync(cancellationToken);

    public async ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        await members.ReportAsync(owner, sequence, lifetime, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        await index.DisposeAsync();
        foreach (var fence in held.Keys)
        {
            await GiveBackAsync(fence);
        }

        await connection.DisposeAsync();
    }

    private async Task GiveBackAsync(long fence)
    {
        try
        {
            // A server that is away is not waited for: the lease lapses by itself.
            if (connection.IsConnected)
            {
                await calls.ReleaseAsync(fence, CancellationToken.None);
                RedisLog.JournalReleased(logger, Location, fence);
            }
            else
            {
                RedisLog.LeaseLeft(logger, Location, fence, "the server can't be reached");
            }
        }
        catch (JournalException e)
        {
            RedisLog.LeaseLeft(logger, Location, fence, ServerFault.Said(e));
        }
    }
}
