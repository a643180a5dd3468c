using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Runtime.Daemon.Ingress.Rules;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>However a message comes (directly, by pointer, by a delegation that has to be fetched), each rule is asked once and charges once.</summary>
public sealed class IngressRulesTests
{
    private const int PerSecond = 2; // four at once

    private static readonly EnsName Miner = Messages.Miner(1);

    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(Bench.Start));
    private readonly MemoryNet net = new();
    private readonly List<Type> asked = [];
    private readonly Messages messages;

    public IngressRulesTests() => messages = new Messages(() => Now);

    public enum Route
    {
        OwnKey,
        KnownSessionKey,
        NewSessionKey,
        PointerToOwnKey,
        PointerToNewSessionKey,
    }

    public static TheoryData<Route> Routes => [.. Enum.GetValues<Route>()];

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_rule_is_asked_once_in_order_and_a_fetch_is_waited_for_once(Route route)
    {
        var rules = Rules(peerRate: 100, nameRate: 100);
        var known = await SessionAsync();
        Assert.Null((await LetInAsync(rules, await MessageAsync(Route.KnownSessionKey, "peer", known))).Refusal);
        asked.Clear();

        var message = await MessageAsync(route, "peer", known);
        var (refusal, waits) = await LetInAsync(rules, message);
        Assert.Null(refusal);
        Assert.Equal(
            [typeof(SizeRule), typeof(PeerRateRule), typeof(PointerRule), typeof(FormRule), typeof(NameSpentRule), typeof(FreshnessRule), typeof(SignatureRule), typeof(SessionKeyRule), typeof(NameRateRule)],
            asked);
        Assert.Equal(
            route switch
            {
                Route.NewSessionKey => [typeof(SessionKeyRule)],
                Route.PointerToOwnKey => [typeof(PointerRule)],
                Route.PointerToNewSessionKey => [typeof(PointerRule), typeof(SessionKeyRule)],
                _ => [],
            },
            waits);
        Assert.Equal(route is Route.OwnKey or Route.PointerToOwnKey, message.Delegation is null);
        Assert.Equal(TestKeys.Of(Miner).Address, message.Signer.Payout);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_peer_is_charged_once_for_a_message_and_held_to_its_rate(Route route)
    {
        var rules = Rules(PerSecond, nameRate: 100);
        var known = await SessionAsync();
        Assert.Null((await LetInAsync(rules, await MessageAsync(Route.KnownSessionKey, "another peer", known))).Refusal);
        for (var i = 0; i < 2 * PerSecond; i++)
        {
            Assert.Null((await LetInAsync(rules, await MessageAsync(route, "peer", known))).Refusal);
        }

        Assert.Equal(ErrorCodes.PeerRate, (await LetInAsync(rules, await MessageAsync(route, "peer", known))).Refusal?.Code);
        time.Advance(TimeSpan.FromSeconds(1.0 / PerSecond));
        Assert.Null((await LetInAsync(rules, await MessageAsync(route, "peer", known))).Refusal);
        Assert.Equal(ErrorCodes.PeerRate, (await LetInAsync(rules, await MessageAsync(route, "peer", known))).Refusal?.Code);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_name_is_charged_once_for_a_message_whatever_peers_it_comes_by(Route route)
    {
        var rules = Rules(peerRate: 100, PerSecond);
        var known = await SessionAsync();
        for (var i = 0; i < 2 * PerSecond; i++)
        {
            Assert.Null((await LetInAsync(rules, await MessageAsync(route, $"peer{i}", known))).Refusal);
        }

        Assert.Equal(ErrorCodes.NameRate, (await LetInAsync(rules, await MessageAsync(route, "peer", known))).Refusal?.Code);
    }

    /// <summary>They all pass the first look at the name's rate before the first of them is charged.</summary>
    [Fact]
    public async Task Waiting_for_a_delegation_is_no_way_around_a_names_rate()
    {
        var rules = Rules(peerRate: 100, PerSecond);
        var waiting = new List<IngressMessage>();
        for (var i = 0; i < 10; i++)
        {
            waiting.Add(await MessageAsync(Route.NewSessionKey, $"peer{i}", null));
            Assert.IsType<CountedFetch>((await rules.CheckAsync(waiting[i], mayFetch: false, CancellationToken.None)).WaitsFor);
        }

        var refused = 0;
        foreach (var message in waiting)
        {
            var result = await rules.CheckAsync(message, mayFetch: true, CancellationToken.None);
            Assert.True(result.Refusal is null or { Code: ErrorCodes.NameRate }, result.Refusal?.ToString());
            refused += result.Refusal is null ? 0 : 1;
        }

        Assert.Equal(10 - (2 * PerSecond), refused);
    }

    [Fact]
    public async Task Whoever_names_what_nobody_has_spends_its_own_rate_once_and_no_names()
    {
        var rules = Rules(PerSecond, PerSecond);
        for (var i = 0; i < PerSecond; i++)
        {
            var nowhere = await Session.OpenAsync(Miner, DelegationRoles.Miner, Now); // Not stored.
            var signed = await nowhere.SignAsync(messages.Claim(Messages.AnyCid("job"), Miner));
            Assert.Equal(ErrorCodes.DelegationUnavailable, (await LetInAsync(rules, new IngressMessage(Topics.Claims, signed.Bytes, "liar"))).Refusal?.Code);
            Assert.Equal(
                ErrorCodes.ContentNotFound,
                (await LetInAsync(rules, new IngressMessage(Topics.Claims, SnapshotPointer.Encode(Messages.AnyCid($"nothing {i}")), "liar"))).Refusal?.Code);
        }

        Assert.Equal(ErrorCodes.PeerRate, (await LetInAsync(rules, await MessageAsync(Route.OwnKey, "liar", null))).Refusal?.Code);
        for (var i = 0; i < 2 * PerSecond; i++)
        {
            Assert.Null((await LetInAsync(rules, await MessageAsync(Route.OwnKey, "peer", null))).Refusal);
        }
    }

    /// <summary>What the sender is to know is said when its signature has been checked, and to nobody when it is false.</summary>
    [Theory]
    [InlineData(true, ErrorCodes.Stale)]
    [InlineData(false, ErrorCodes.WrongSigner)]
    public async Task An_objection_waits_for_the_signature(bool genuine, string code)
    {
        var old = new Messages(() => Now - Freshness.WindowSeconds - 1).Claim(Messages.AnyCid("job"), Miner);
        var signed = await SnapshotCodec.SignAsync(old, TestKeys.Of(genuine ? Miner : Messages.Miner(2)), CancellationToken.None);
        var result = await Rules(100, 100).CheckAsync(new IngressMessage(Topics.Claims, signed.Bytes, "peer"), mayFetch: false, CancellationToken.None);
        Assert.Equal((code, genuine), (result.Refusal?.Code, result.Answerable));
    }

    // The daemon's rules in its order, without those that say what belongs where.
    private IngressRules Rules(double peerRate, double nameRate)
    {
        var content = new ContentReader(new MemoryTransport(net), time);
        var signers = new SignerCheck(new NameCache(new KeyNames(), time), SignatureEngines.Best, time, new DelegationCache(content, time));
        var (names, heard) = (new NameRates(nameRate, nameRate, time), new KnownMessages(time));
        return new IngressRules(
        [
            .. new IIngressRule[]
            {
                new SizeRule(), new PeerRateRule(new RateLimit<string>(peerRate, time), new RateLimit<string>(peerRate, time), heard), new PointerRule(content, TimeSpan.FromSeconds(5)), new FormRule(), new NameSpentRule(names),
                new FreshnessRule(Clocks.Of(time)), new SignatureRule(signers), new SessionKeyRule(signers), new NameRateRule(names, heard),
            }.Select(rule => rule is IFetchingRule fetch ? new CountedFetch(fetch, asked) : new Counted(rule, asked)),
        ]);
    }

    // As the pipeline does it: what has to wait goes on in a worker that may fetch.
    private static async Task<(Refusal? Refusal, List<Type> Waits)> LetInAsync(IngressRules rules, IngressMessage message)
    {
        var waits = new List<Type>();
        var result = await rules.CheckAsync(message, mayFetch: false, CancellationToken.None);
        while (result.WaitsFor is CountedFetch fetch)
        {
            waits.Add(fetch.Inner.GetType());
            result = await rules.CheckAsync(message, mayFetch: true, CancellationToken.None);
        }

        return (result.Refusal, waits);
    }

    private async Task<Session> SessionAsync()
    {
        var session = await Session.OpenAsync(Miner, DelegationRoles.Miner, Now);
        net.Put(session.Delegation.Bytes);
        return session;
    }

    private async Task<IngressMessage> MessageAsync(Route route, string peer, Session? known)
    {
        var claim = messages.Claim(Messages.AnyCid("job"), Miner);
        var signed = route switch
        {
            Route.OwnKey or Route.PointerToOwnKey => await SnapshotCodec.SignAsync(claim, TestKeys.Of(Miner), CancellationToken.None),
            Route.KnownSessionKey => await known!.SignAsync(claim),
            _ => await (await SessionAsync()).SignAsync(claim),
        };
        var bytes = route is Route.PointerToOwnKey or Route.PointerToNewSessionKey ? SnapshotPointer.Encode(net.Put(signed.Bytes)) : signed.Bytes;
        return new IngressMessage(Topics.Claims, bytes, peer);
    }

    private class Counted(IIngressRule inner, List<Type> asked) : IIngressRule
    {
        public bool AnswersSender => inner.AnswersSender;

        public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
        {
            asked.Add(inner.GetType());
            return inner.CheckAsync(message, cancellationToken);
        }
    }

    private sealed class CountedFetch(IFetchingRule inner, List<Type> asked) : Counted(inner, asked), IFetchingRule
    {
        public IFetchingRule Inner { get; } = inner;

        public int Workers => Inner.Workers;

        public bool MustFetch(IngressMessage message) => Inner.MustFetch(message);
    }
}
