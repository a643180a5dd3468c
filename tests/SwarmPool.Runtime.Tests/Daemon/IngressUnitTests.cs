using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Runtime.Daemon.Ingress.Rules;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class IngressUnitTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(Bench.Start));

    [Theory]
    [InlineData(0, null)]
    [InlineData(-300, null)]
    [InlineData(300, null)]
    [InlineData(-301, ErrorCodes.Stale)]
    [InlineData(301, ErrorCodes.InFuture)]
    public async Task Pitfall26_freshness_is_judged_in_utc_wherever_the_machine_stands(int seconds, string? code)
    {
        time.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("far", TimeSpan.FromHours(9), "far", "far"));
        var messages = new Messages(() => (Bench.Start / 1000) + seconds);
        var item = new IngressMessage("claims", default, "peer") { Snapshot = Bench.Signed(messages.Claim(Messages.AnyCid("job"), Messages.Miner(1))) };
        Assert.Equal(code, (await new FreshnessRule(Clocks.Of(time)).CheckAsync(item, CancellationToken.None))?.Code);
    }

    [Fact]
    public async Task Jobs_and_cancellations_are_repeated_for_as_long_as_it_takes()
    {
        var messages = new Messages(() => 1);
        foreach (var body in new Snapshot[] { messages.Job(), messages.Cancel(Messages.AnyCid("job")), Session.RevocationOf(Messages.Miner(1), new string('a', 64), 1) })
        {
            Assert.Null(await CheckDateAsync(body));
        }

        Assert.Equal(ErrorCodes.Stale, (await CheckDateAsync(messages.Registration(Messages.Miner(1))))?.Code);
    }

    [Fact]
    public async Task Issue15_row14_nothing_at_all_is_dated_ahead()
    {
        var ahead = (Bench.Start / 1000) + Freshness.WindowSeconds + 1;
        var messages = new Messages(() => ahead);
        foreach (var body in new Snapshot[]
        {
            messages.Job(), messages.Cancel(Messages.AnyCid("job")), messages.Registration(Messages.Miner(1)), messages.Claim(Messages.AnyCid("job"), Messages.Miner(1)),
            Session.RevocationOf(Messages.Miner(1), new string('a', 64), ahead),
        })
        {
            Assert.Equal(ErrorCodes.InFuture, (await CheckDateAsync(body))?.Code);
            Assert.Null(await CheckDateAsync(body with { Timestamp = ahead - 1 }));
        }
    }

    private async Task<Refusal?> CheckDateAsync(Snapshot body) =>
        await new FreshnessRule(Clocks.Of(time)).CheckAsync(new IngressMessage("jobs", default, "peer") { Snapshot = Bench.Signed(body) }, CancellationToken.None);

    [Fact]
    public void A_rate_allows_twice_as_many_at_once_and_refills()
    {
        var limit = new RateLimit<string>(2, time);
        Assert.All(Enumerable.Range(0, 4), _ => Assert.True(limit.TryTake("a")));
        Assert.False(limit.TryTake("a"));
        Assert.True(limit.TryTake("b"));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.True(limit.TryTake("a"));
        Assert.False(limit.TryTake("a"));
    }

    [Theory]
    [InlineData("liar", 1)]
    [InlineData("", 200)] // Who can't be told apart pays nothing for the others.
    public async Task A_bad_signature_costs_its_peer_as_much_as_many_messages(string peer, int pass)
    {
        var peers = new RateLimit<string>(100, time);
        var rule = new CostlyRule(new Refusing(ErrorCodes.WrongSigner), peers, 200);
        var passed = 0;
        for (var i = 0; i < 300; i++)
        {
            if (peers.TryTake(peer))
            {
                passed++;
                Assert.Equal(ErrorCodes.WrongSigner, (await rule.CheckAsync(new IngressMessage("jobs", default, peer), CancellationToken.None))?.Code);
            }
        }

        Assert.Equal(pass, passed);
        Assert.True(peers.TryTake("honest"));
        time.Advance(TimeSpan.FromSeconds(4.1)); // What it owes comes back at its rate, and no more than it can have is ever owed.
        Assert.True(peers.TryTake(peer));
    }

    [Fact]
    public async Task A_name_that_cannot_be_looked_up_costs_its_peer_no_more_than_any_message()
    {
        var peers = new RateLimit<string>(100, time);
        Assert.True(peers.TryTake("peer"));
        await new CostlyRule(new Refusing(ErrorCodes.NameUnavailable), peers, 200).CheckAsync(new IngressMessage("jobs", default, "peer"), CancellationToken.None);
        Assert.True(peers.TryTake("peer"));
    }

    [Fact]
    public async Task A_name_that_spent_its_rate_is_heard_through_no_peer_and_only_its_owner_can_spend_it()
    {
        var rates = new NameRates(2, 2, time);
        var (spent, charge) = (new NameSpentRule(rates), new NameRateRule(rates, new KnownMessages(time)));
        var messages = new Messages(() => Bench.Start / 1000);
        IngressMessage From(int peer, EnsName client) => new("jobs", default, $"peer{peer}") { Snapshot = Bench.Signed(messages.Job(client: client)) };
        var (flooding, honest) = (EnsName.Parse("flood.eth"), EnsName.Parse("honest.eth"));

        // Who merely writes a name spends nothing of it.
        for (var peer = 0; peer < 100; peer++)
        {
            Assert.Null(await spent.CheckAsync(From(peer, flooding), CancellationToken.None));
        }

        for (var peer = 0; peer < 4; peer++)
        {
            Assert.Null(await charge.CheckAsync(From(peer, flooding), CancellationToken.None));
        }

        Assert.Equal(ErrorCodes.NameRate, (await spent.CheckAsync(From(100, flooding), CancellationToken.None))?.Code);
        Assert.Null(await spent.CheckAsync(From(100, honest), CancellationToken.None));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(await spent.CheckAsync(From(101, flooding), CancellationToken.None));
    }

    [Fact]
    public void A_name_that_has_done_nothing_here_may_send_less()
    {
        var rates = new NameRates(perSecond: 10, newcomer: 2, time);
        var messages = new Messages(() => Bench.Start / 1000);
        int Sends(EnsName client) => Enumerable.Range(0, 100).Count(_ => rates.TryTake(new IngressMessage("jobs", default, "peer") { Snapshot = Bench.Signed(messages.Job(client: client)) }));
        var (newcomer, worker) = (EnsName.Parse("newcomer.eth"), EnsName.Parse("worker.eth"));
        rates.Know(worker);
        Assert.Equal((4, 20), (Sends(newcomer), Sends(worker)));
        rates.Know(newcomer);
        Assert.Equal(20, Sends(newcomer));
    }

    [Fact]
    public void A_pointer_is_exactly_what_is_written_and_nothing_else_throws()
    {
        var cid = Messages.AnyCid("content");
        Assert.True(SnapshotPointer.TryRead(Encoding.UTF8.GetBytes($$"""{"cid":"{{cid}}"}"""), out var read));
        Assert.Equal(cid, read);
        foreach (var hostile in new[] { $$"""{"cid":"{{cid}}" }""", """{"cid":"x","cid":1}""", """{"cid":"","cid":null}""", "{", "", new string('"', 69) })
        {
            Assert.False(SnapshotPointer.TryRead(Encoding.UTF8.GetBytes(hostile), out _));
        }

        Gen.Byte.Array[69].Sample(bytes =>
        {
            "{\"cid\":\""u8.CopyTo(bytes);
            SnapshotPointer.TryRead(bytes, out _);
        });
    }

    [Fact]
    public async Task A_provider_that_throws_or_hangs_is_no_answer_about_the_name()
    {
        var provider = new OddProvider();
        var names = new NameCache(provider, time);
        provider.Next = _ => throw new HttpRequestException("no route");
        var thrown = await names.ResolveAsync(Messages.Miner(1), CancellationToken.None);
        Assert.Equal(IdentityStatus.Unavailable, thrown.Status);
        Assert.Contains("no route", thrown.Detail, StringComparison.Ordinal);

        var hung = new TaskCompletionSource<IdentityAnswer>();
        provider.Next = _ => new ValueTask<IdentityAnswer>(hung.Task);
        var waiting = names.ResolveAsync(Messages.Miner(2), CancellationToken.None).AsTask();
        while (provider.Calls < 2)
        {
            await Task.Delay(5);
        }

        await Task.Delay(50);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(IdentityStatus.Unavailable, (await waiting.WaitAsync(TimeSpan.FromSeconds(10))).Status);

        // And it is asked again soon.
        time.Advance(TimeSpan.FromSeconds(2));
        provider.Next = _ => new(IdentityAnswer.Unknown(TimeSpan.FromMinutes(1), "not there"));
        Assert.Equal(IdentityStatus.Unknown, (await names.ResolveAsync(Messages.Miner(2), CancellationToken.None)).Status);
        Assert.Equal(IdentityStatus.Unknown, (await names.ResolveAsync(Messages.Miner(2), CancellationToken.None)).Status);
        Assert.Equal(3, provider.Calls);
    }

    private sealed class Refusing(string code) : IIngressRule
    {
        public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken) => new(new Refusal(code, "no"));
    }

    private sealed class OddProvider : IIdentityProvider
    {
        private int calls;

        public int Calls => Volatile.Read(ref calls);

        public Func<EnsName, ValueTask<IdentityAnswer>> Next { get; set; } = null!;

        public string Network => "local";

        public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref calls);
            return Next(name);
        }
    }
}
