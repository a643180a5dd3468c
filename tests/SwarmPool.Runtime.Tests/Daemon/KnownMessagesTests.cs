using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Runtime.Daemon.Ingress.Rules;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>What is said again is paid by the peer that says it, and never by the name that signed it.</summary>
public sealed class KnownMessagesTests
{
    private const int PerSecond = 5; // ten at once

    private static readonly EnsName Victim = EnsName.Parse("victim.eth");

    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(Bench.Start));
    private readonly KnownMessages known;
    private readonly NameRates names;
    private readonly PeerRateRule peers;
    private readonly Messages messages;

    public KnownMessagesTests()
    {
        (known, names) = (new KnownMessages(time), new NameRates(PerSecond, PerSecond, time));
        peers = new PeerRateRule(new RateLimit<string>(PerSecond, time), new RateLimit<string>(PerSecond, time), known);
        messages = new Messages(() => time.GetUtcNow().ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 3600)] // Older than any date that is good: a job that its client repeats for an hour.
    public async Task Issue15_row6_bytes_said_again_silence_nobody_but_the_peer_that_says_them(bool byPointer, int age)
    {
        var recorded = Enumerable.Range(0, 8).Select(_ => NewJob(age)).ToList();
        foreach (var message in recorded)
        {
            Assert.Null(await ChargeAsync(From("victim's", message)));
        }

        // As in the attack: far more than the name's rate, from as many peers as it takes.
        for (var i = 0; i < 2_000; i++)
        {
            var replay = From($"liar{i % 300}", recorded[i % recorded.Count], byPointer);
            Assert.Contains((await ChargeAsync(replay))?.Code, (string?[])[null, ErrorCodes.PeerRate]);
        }

        time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < PerSecond; i++)
        {
            Assert.Null(await ChargeAsync(From("victim's", NewJob())));
        }
    }

    [Fact]
    public async Task A_peer_that_repeats_is_held_to_a_rate_that_takes_nothing_from_what_is_new()
    {
        var message = NewJob();
        Assert.Null(await ChargeAsync(From("all are one", message)));
        var passed = 0;
        for (var i = 0; i < 500; i++)
        {
            passed += await ChargeAsync(From("all are one", message)) is null ? 1 : 0;
        }

        Assert.Equal(2 * PerSecond, passed);

        // Where the transport can't tell peers apart, the honest ones still have the whole rate for what is new.
        for (var i = 1; i < 2 * PerSecond; i++)
        {
            Assert.Null(await ChargeAsync(From("all are one", NewJob(client: EnsName.Parse($"honest{i}.eth")))));
        }
    }

    [Fact]
    public async Task Who_asks_again_is_heard_though_its_name_has_spent_its_rate_and_what_was_too_much_is_no_cheaper_the_second_time()
    {
        var sent = Enumerable.Range(0, (2 * PerSecond) + 1).Select(_ => NewJob()).ToList();
        for (var i = 0; i < 2 * PerSecond; i++)
        {
            Assert.Null(await ChargeAsync(From($"peer{i}", sent[i])));
        }

        var tooMuch = sent[^1];
        Assert.Equal(ErrorCodes.NameRate, (await ChargeAsync(From("one peer", tooMuch)))?.Code);
        Assert.Equal(ErrorCodes.NameRate, (await ChargeAsync(From("one peer", tooMuch)))?.Code);
        Assert.Null(await ChargeAsync(From("another peer", sent[0])));
    }

    [Fact]
    public void However_many_hear_it_at_the_same_time_it_is_charged_once()
    {
        var charged = 0;
        Parallel.For(0, 64, _ => Assert.True(known.ChargeOnce(Messages.AnyCid("a job"), () => Interlocked.Increment(ref charged) > 0)));
        Assert.Equal(1, charged);
    }

    [Fact]
    public void What_is_heard_is_remembered_as_long_as_its_date_is_good_and_no_longer_than_twice_that()
    {
        var first = Messages.AnyCid("first");
        Assert.True(known.ChargeOnce(first, () => true));
        time.Advance(TimeSpan.FromSeconds((2 * Freshness.WindowSeconds) - 1));
        Assert.True(known.ChargeOnce(Messages.AnyCid("second"), () => true));
        Assert.True(known.Contains(first));
        time.Advance(TimeSpan.FromSeconds(2 * Freshness.WindowSeconds));
        Assert.True(known.ChargeOnce(Messages.AnyCid("third"), () => true));
        time.Advance(TimeSpan.FromSeconds((2 * Freshness.WindowSeconds) + 1));
        Assert.True(known.ChargeOnce(Messages.AnyCid("fourth"), () => true));
        Assert.False(known.Contains(first));
    }

    [Fact]
    public void A_flood_of_ten_times_its_bound_keeps_the_newest_and_stays_below_its_bytes()
    {
        const int Most = 10_000;
        var small = new KnownMessages(time, Most);
        Span<byte> digest = stackalloc byte[32];
        for (var i = 0; i < 10 * Most; i++)
        {
            BitConverter.TryWriteBytes(digest, (i + 1L) * 0x5851F42D4C957F2D);
            var cid = new Cid(Cid.RawCodec, digest);
            Assert.True(small.ChargeOnce(cid, () => true));
            Assert.True(small.Contains(cid));
        }

        Assert.InRange(small.Bytes, 1, 2 * 2 * Most * sizeof(ulong));
    }

    private SignedSnapshot NewJob(int age = 0, EnsName? client = null) =>
        Bench.Signed(messages.Job(client: client ?? Victim) with { Timestamp = time.GetUtcNow().ToUnixTimeSeconds() - age });

    private static IngressMessage From(string peer, SignedSnapshot message, bool byPointer = false) =>
        new("jobs", byPointer ? SnapshotPointer.Encode(message.Cid) : message.Bytes, peer) { Snapshot = message };

    // What the rules charge, in their order; the signature is checked between the last two.
    private async Task<Refusal?> ChargeAsync(IngressMessage message) =>
        await peers.CheckAsync(message, CancellationToken.None)
        ?? await new NameSpentRule(names).CheckAsync(message, CancellationToken.None)
        ?? await new NameRateRule(names, known).CheckAsync(message, CancellationToken.None);
}
