using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Publishing;
using SwarmPool.Runtime.Discovery;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Discovery;

/// <summary>A pool found by its name: the records are hints, and hostile ones are named and cost little.</summary>
public sealed class PoolFinderTests : IAsyncDisposable
{
    private readonly MemoryNet net = new();
    private readonly Cast cast = new();
    private readonly ScriptedPool pool;
    private readonly NamedTransport transport;
    private readonly NamedCast names;
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly PoolReader reader;

    public PoolFinderTests()
    {
        pool = new ScriptedPool(net, cast);
        transport = new NamedTransport(net);
        names = new NamedCast(cast);
        reader = new PoolReader(transport, names, SignatureEngines.Best, Cast.Pool, TimeProvider.System, NullLoggerFactory.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    [Fact]
    public async Task The_name_leads_to_peers_and_state_where_nobody_answers_for_the_pointer()
    {
        transport.Locations["loc:state"] = await StoredAsync(Cast.Pool, at: 5);
        names.Say("loc:state", "peer:a", "peer:b");
        Assert.Equal(5, (await reader.ReadAsync(Patience.Long, Cancel)).State.Sequence);
        Assert.Equal(["peer:a", "peer:b"], Assert.Single(transport.Met));
        Assert.Empty(reader.NameProblems);

        // The pointer is the daemon's own word, and newer.
        await pool.PointAtAsync(pool.State([], at: 9));
        Assert.Equal(9, (await reader.ReadAsync(Patience.Long, Cancel)).State.Sequence);
        Assert.Equal(1, names.Asked);
    }

    [Fact]
    public async Task A_cid_in_the_name_needs_nothing_of_the_transport()
    {
        names.Say((await StoredAsync(Cast.Pool, at: 3)).ToString());
        Assert.Equal(3, (await reader.ReadAsync(Patience.Long, Cancel)).State.Sequence);
    }

    [Fact]
    public async Task A_state_that_the_pool_has_not_signed_is_refused_and_named()
    {
        names.Say((await StoredAsync(Cast.Mallory, at: 3)).ToString());
        await IsNotHeardAsync(ErrorCodes.NamedStateRefused, "no state that swarmpool.eth signed");

        var other = await SnapshotCodec.SignAsync(pool.State([], at: 3) with { Pool = Cast.Mallory }, cast.SignerOf(Cast.Mallory), Cancel);
        names.Say(net.Put(other.Bytes.ToArray()).ToString());
        await IsNotHeardAsync(ErrorCodes.NamedStateRefused, "no state that swarmpool.eth signed");
    }

    [Fact]
    public async Task A_state_older_than_one_already_seen_is_refused_and_named()
    {
        names.Say((await StoredAsync(Cast.Pool, at: 3)).ToString());
        await pool.PointAtAsync(pool.State([], at: 8));
        Assert.Equal(8, (await reader.ReadAsync(Patience.Long, Cancel)).State.Sequence);
        net.Pointers.Clear();
        Assert.Equal(8, (await reader.ReadAsync(Patience.Long, Cancel)).State.Sequence);
        var problem = Assert.Single(reader.NameProblems);
        Assert.Equal(ErrorCodes.NamedStateRefused, problem.Code);
        Assert.Contains("record 3, older than", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_lead_nowhere_are_named_and_the_pool_is_waited_for_all_the_same()
    {
        names.Say("loc:nowhere", "peer:a", "garbage");
        await IsNotHeardAsync(ErrorCodes.PlaceUnusable, "'garbage' is no peer", "it leads nowhere");

        names.Say(Cid.OfBlock("never stored"u8).ToString());
        await IsNotHeardAsync(ErrorCodes.PlaceUnusable, "is unavailable now");
    }

    [Fact]
    public async Task A_provider_that_fails_says_nothing_about_the_name()
    {
        names.Fault = new InvalidOperationException("the plugin broke");
        await IsNotHeardAsync(ErrorCodes.NameUnavailable, "the plugin broke");
    }

    [Fact]
    public async Task What_never_answers_is_left_behind()
    {
        names.Say("loc:state", "peer:a");
        transport.Hangs = true;
        var finder = new PoolFinder(transport, names, Cast.Pool, time, NullLogger<PoolFinder>.Instance);
        await WhileTimePassesAsync(finder.FindAsync(Cancel).AsTask());
        Assert.Contains("can't be reached now", Assert.Single(finder.Problems).Reason, StringComparison.Ordinal);
        await WhileTimePassesAsync(finder.LocateAsync(Cancel).AsTask());
        Assert.Equal(2, finder.Problems.Count);
    }

    /// <summary>A pool that moves: who stays connected hears of it when the name's answer is over, and who can't ask keeps what was known.</summary>
    [Fact]
    public async Task Who_stays_follows_the_pool_when_it_moves()
    {
        names.Say("loc:state", "peer:old");
        var told = new List<Refusal>();
        var finder = new PoolFinder(transport, names, Cast.Pool, time, NullLogger<PoolFinder>.Instance, told.Add);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var keeping = finder.KeepAsync(stop.Token);
        Assert.Equal(["peer:old"], Assert.Single(transport.Met));
        names.Address = PoolAddress.Unavailable(TimeSpan.FromSeconds(2), "the node is away");
        await PassAsync(TimeSpan.FromMinutes(5), () => names.Asked == 2);
        Assert.Equal(ErrorCodes.NameUnavailable, Assert.Single(told).Code);
        Assert.Single(transport.Met);
        names.Say("loc:state", "peer:new");
        await PassAsync(TimeSpan.FromSeconds(10), () => transport.Met.Count == 2);
        Assert.Equal(["peer:new"], transport.Met[1]);
        Assert.Empty(finder.Problems);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);
    }

    [Fact]
    public async Task A_provider_that_knows_nothing_of_it_is_asked_once_and_nothing_is_met()
    {
        var finder = new PoolFinder(transport, cast, Cast.Pool, time, NullLogger<PoolFinder>.Instance);
        Assert.True(finder.FindAsync(Cancel).AsTask().IsCompletedSuccessfully);
        Assert.False(finder.MayChange);
        Assert.Empty(finder.Problems);
        Assert.Empty(transport.Met);
        Assert.Null(await finder.LocateAsync(Cancel));
    }

    [Fact]
    public async Task The_operator_is_told_what_the_name_should_say_and_when_it_does()
    {
        names.Say("loc:old", "peer:old");
        var observer = new LocationObserver();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var watching = new PoolLocationWatch(transport, names, Cast.Pool, observer, time, NullLogger<PoolLocationWatch>.Instance).RunAsync(stop.Token);
        Assert.Equal(["swarmpool.eth names others"], Assert.Single(observer.Told).Differences);
        Assert.Equal(("loc:here", "peer:me"), (observer.Told[0].Published.State, observer.Told[0].Published.PeersText));
        await PassAsync(TimeSpan.FromMinutes(10), () => names.Asked == 2);
        Assert.Single(observer.Told);
        names.Say("loc:here", "peer:me");
        await PassAsync(TimeSpan.FromMinutes(10), () => observer.Told.Count == 2);
        Assert.Empty(observer.Told[1].Differences);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    private async Task<Cid> StoredAsync(EnsName signer, long at) =>
        net.Put((await SnapshotCodec.SignAsync(pool.State([], at: at), cast.SignerOf(signer), Cancel)).Bytes.ToArray());

    private async Task IsNotHeardAsync(string code, params string[] words)
    {
        var fresh = new PoolReader(transport, names, SignatureEngines.Best, Cast.Pool, TimeProvider.System, NullLoggerFactory.Instance);
        var silent = await Assert.ThrowsAsync<SwarmPoolException>(() => fresh.ReadAsync(Patience.Short, Cancel));
        Assert.Equal(ErrorCodes.PoolNotHeard, silent.Code);
        Assert.All([code, .. words], word => Assert.Contains(word, silent.Message, StringComparison.Ordinal));
        Assert.Contains(fresh.NameProblems, problem => problem.Code == code);
    }

    private Task PassAsync(TimeSpan passes, Func<bool> until)
    {
        time.Advance(passes);
        return UntilAsync(until);
    }

    private static async Task UntilAsync(Func<bool> until)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience.Long);
        while (!until())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    private async Task WhileTimePassesAsync(Task asked)
    {
        while (!asked.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(asked, Task.Delay(1, Cancel));
        }

        await asked;
    }

    private sealed class LocationObserver : IDaemonObserver
    {
        public List<LocationComparison> Told { get; } = [];

        void IDaemonObserver.Placed(EnsName pool, LocationComparison compared) => Told.Add(compared);
    }
}
