using System.Collections.Concurrent;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Runtime.Daemon.Retention;
using SwarmPool.Runtime.Daemon.Revocations;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>What is pinned and let go, whatever comes in between.</summary>
public sealed class PinManagerTests : IAsyncDisposable
{
    private static readonly Cid Input = Messages.AnyCid("an input");

    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly CancellationTokenSource life = new();
    private readonly Pins pins = new();
    private readonly ContentReferences uses = new();
    private readonly PinManager keeper;
    private readonly Task running;

    public PinManagerTests()
    {
        keeper = new PinManager(pins, uses, TimeSpan.FromSeconds(10), time, NullLogger<PinManager>.Instance);
        running = keeper.RunAsync(life.Token);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        life.Dispose();
    }

    /// <summary>The last job that used something ends, and while that is being let go the next job comes that uses it.</summary>
    [Fact]
    public async Task What_comes_into_use_while_it_is_let_go_is_pinned_in_the_end()
    {
        keeper.PinJob(Messages.AnyCid("a job"), Input, null, "client.eth");
        await RefusalTests.Eventually(() => pins.Contains(Input));
        uses.Remove(Messages.AnyCid("a job"));
        pins.Gate = new TaskCompletionSource();
        await keeper.UnpinSharedAsync(Input, Stop);
        await RefusalTests.Eventually(() => pins.Unpinning == 1);
        keeper.PinJob(Messages.AnyCid("the next job"), Input, null, "client.eth");
        await RefusalTests.Eventually(() => pins.Pinned == 4); // Two jobs and twice the input: before it is let go.
        pins.Gate.SetResult();
        await RefusalTests.Eventually(() => pins.Unpinned == 1 && pins.Contains(Input));
    }

    [Fact]
    public async Task What_has_come_into_use_is_not_let_go_at_all()
    {
        uses.AddJob(Messages.AnyCid("a job"), Input);
        await keeper.UnpinSharedAsync(Input, Stop);
        await keeper.UnpinSharedAsync(Messages.AnyCid("something else"), Stop);
        await RefusalTests.Eventually(() => pins.Unpinned == 1);
        Assert.Equal(1, pins.Unpinning);
    }

    /// <summary>Whoever names inputs that nobody has keeps the workers of what clients named waiting, and nobody else's.</summary>
    [Fact]
    public async Task A_clients_flood_of_ten_times_the_bound_keeps_another_clients_and_the_pools_own_pins()
    {
        pins.PinGate = new TaskCompletionSource();
        for (var i = 0; i < 10 * PinManager.Most / 2; i++)
        {
            keeper.PinJob(Number(2 * i), Number((2 * i) + 1), null, "flood.eth");
        }

        var (honest, input) = (Messages.AnyCid("an honest job"), Messages.AnyCid("its input"));
        keeper.PinJob(honest, input, null, "honest.eth");
        var page = Messages.AnyCid("a page");
        pins.NeverWait = page;
        keeper.Pin(page);
        await RefusalTests.Eventually(() => pins.Contains(page));
        pins.PinGate.SetResult();
        await RefusalTests.Eventually(() => pins.Contains(honest) && pins.Contains(input));
        Assert.True(pins.Pinned <= PinManager.Most + 100, $"{pins.Pinned} were pinned");

        static Cid Number(int i) => Cid.OfBlock(BitConverter.GetBytes(i));
    }

    [Fact]
    public async Task A_revocation_stays_until_what_it_took_back_has_expired()
    {
        var shelf = new RevocationPins(keeper, time);
        var (first, second, known) = (Messages.AnyCid("first"), Messages.AnyCid("second"), Messages.AnyCid("one of a daemon before"));
        pins.PinAlready(known);
        long In(int minutes) => time.GetUtcNow().AddMinutes(minutes).ToUnixTimeMilliseconds();
        shelf.Pin(second, In(30));
        shelf.Pin(first, In(10));
        shelf.Know(known, In(-5));
        var looking = shelf.RunAsync(life.Token);
        await RefusalTests.Eventually(() => !pins.Contains(known) && pins.Contains(first) && pins.Contains(second));
        await PassAsync(11, () => !pins.Contains(first));
        Assert.True(pins.Contains(second));
        await PassAsync(20, () => !pins.Contains(second));
        await life.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
    }

    /// <summary>Whatever comes and goes, wanted is what some job in the book uses.</summary>
    [Fact]
    public void Wanted_is_what_a_job_uses_that_is_not_settled() => Gen.Select(Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[0, 4]).Array[0, 60].Sample(steps =>
    {
        var book = new ContentReferences();
        var model = new Dictionary<int, HashSet<int>>();
        foreach (var (what, job, used) in steps)
        {
            var wanted = model.Values.Any(u => u.Contains(used));
            switch (what)
            {
                case 0:
                    book.AddJob(Job(job), Used(used));
                    (model.TryGetValue(job, out var all) ? all : model[job] = []).Add(used);
                    break;
                case 1:
                    Assert.Equal(!wanted, book.Add(Job(job), Used(used)));
                    (model.TryGetValue(job, out all) ? all : model[job] = []).Add(used);
                    break;
                default:
                    Assert.Equal((model.GetValueOrDefault(job) ?? []).Select(Used).Order(), book.Remove(Job(job)).Used.Order());
                    model.Remove(job);
                    break;
            }

            Assert.All(Enumerable.Range(0, 5), u => Assert.Equal(model.Values.Any(all => all.Contains(u)), book.IsWanted(Used(u))));
        }
    });

    private static Cid Job(int number) => Messages.AnyCid($"job {number}");

    private static Cid Used(int number) => Messages.AnyCid($"used {number}");

    // Ticks that come together are one: so a little more passes until the last was heard.
    private async Task PassAsync(int minutes, Func<bool> until)
    {
        for (var i = 0; i < minutes; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        await RefusalTests.Eventually(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return until();
        });
    }

    private sealed class Pins : IContentStore
    {
        private readonly ConcurrentDictionary<Cid, bool> pinned = new();
        private int pinnedTimes;
        private int unpinning;
        private int unpinned;

        /// <summary>Letting go ends no sooner than this.</summary>
        public TaskCompletionSource? Gate { get; set; }

        /// <summary>Pinning begins no sooner than this, but for one.</summary>
        public TaskCompletionSource? PinGate { get; set; }

        public Cid NeverWait { get; set; }

        public int Pinned => Volatile.Read(ref pinnedTimes);

        public int Unpinning => Volatile.Read(ref unpinning);

        public int Unpinned => Volatile.Read(ref unpinned);

        public int MaxContentBytes => 0;

        public bool Contains(Cid cid) => pinned.ContainsKey(cid);

        public void PinAlready(Cid cid) => pinned[cid] = true;

        public async ValueTask PinAsync(Cid cid, CancellationToken cancellationToken)
        {
            await (cid == NeverWait ? Task.CompletedTask : PinGate?.Task ?? Task.CompletedTask);
            pinned[cid] = true;
            Interlocked.Increment(ref pinnedTimes);
        }

        public async ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref unpinning);
            await (Gate?.Task ?? Task.CompletedTask);
            pinned.TryRemove(cid, out _);
            Interlocked.Increment(ref unpinned);
        }

        public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken) =>
            throw new TransportException(TransportFault.NotFound, $"no content {cid}");

        public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
