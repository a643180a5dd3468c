using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Tests.Support;

namespace SwarmPool.Runtime.Tests.Reader;

/// <summary>Reading a pool's signed state.</summary>
public sealed class PoolReaderTests : IAsyncDisposable
{
    private readonly MemoryNet net = new();
    private readonly Cast cast = new();
    private readonly ScriptedPool pool;
    private readonly PoolReader reader;

    public PoolReaderTests()
    {
        pool = new ScriptedPool(net, cast);
        reader = new PoolReader(net.Join(), cast, SignatureEngines.Best, Cast.Pool, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    [Fact]
    public async Task ReadsTheStateBehindThePointerAndItsPages()
    {
        var job = await pool.StoreJobAsync();
        await pool.PointAtAsync(pool.State([ScriptedPool.Waiting(job)]));
        var view = await reader.ReadAsync(Patience.Short);
        Assert.Equal(1, view.State.PendingCount);
        Assert.Equal([job.Cid], await reader.ReadPendingAsync(view).Select(p => p.Cid).ToListAsync());
        Assert.Empty(await reader.ReadMinersAsync(view).ToListAsync());
    }

    [Fact]
    public async Task TakesNoForgedState()
    {
        await pool.PointAtAsync(pool.State([]), Cast.Mallory);
        var silent = await Assert.ThrowsAsync<SwarmPoolException>(() => reader.ReadAsync(Patience.Short));
        Assert.Equal(ErrorCodes.PoolNotHeard, silent.Code);
    }

    [Fact]
    public async Task WaitsForAnAnnouncedStateWhenThereIsNoPointer()
    {
        var reading = reader.ReadAsync(Patience.Long);
        while (!net.HasSubscriber("/swarmpool.eth/state"))
        {
            await Task.Delay(5);
        }

        await pool.PublishAsync(pool.State([]));
        Assert.Equal(0, (await reading).State.PendingCount);
    }

    [Fact]
    public async Task Pitfall24_NoticesTwoStatesOfOnePosition()
    {
        await pool.PointAtAsync(pool.State([], at: 500));
        Assert.Null((await reader.ReadAsync(Patience.Short)).Conflict);
        var job = await pool.StoreJobAsync();
        await pool.PointAtAsync(pool.State([ScriptedPool.Waiting(job)], at: 500));
        var conflict = (await reader.ReadAsync(Patience.Short)).Conflict;
        Assert.NotNull(conflict);
        Assert.Equal(500, conflict.Sequence);
        Assert.True(SnapshotCodec.TryDecode(conflict.First, out _, out _) && SnapshotCodec.TryDecode(conflict.Second, out _, out _));
    }

    [Fact]
    public async Task StatesMergeTheSameInAnyOrderAndNumber()
    {
        var states = new List<SignedSnapshot>();
        for (var i = 0; i < 12; i++)
        {
            var state = pool.State([], term: 1 + (i / 4), at: 1 + (i % 4));
            states.Add(await SnapshotCodec.SignAsync(state, cast.SignerOf(Cast.Pool), CancellationToken.None));
        }

        Gen.Int[0, states.Count - 1].Array[1, 30].Sample(order =>
        {
            var forth = new NewestState();
            var back = new NewestState();
            foreach (var i in order)
            {
                forth.Offer(states[i]);
                forth.Offer(states[i]);
            }

            foreach (var i in order.Reverse())
            {
                back.Offer(states[i]);
            }

            return forth.Newest!.Cid == back.Newest!.Cid && forth.Newest.Cid == states[order.Max()].Cid && forth.Conflict is null;
        });
    }
}
