using CsCheck;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Runtime.Collections;
using SwarmPool.Runtime.Daemon.Ingress;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>Answers have a share a peer and a name, and what nobody signed for pushes none of them out.</summary>
public sealed class PendingRepliesTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(Bench.Start));
    private readonly PendingReplies replies;
    private readonly Messages messages = new(() => Bench.Start / 1000);

    public PendingRepliesTests() => replies = new PendingReplies(time);

    [Fact]
    public void Issue15_row8_unsigned_claims_push_out_no_refusal_of_a_signed_message()
    {
        var jobs = Enumerable.Range(0, 5_000).Select(i => Messages.AnyCid($"job {i}")).ToList();
        var waited = 0;
        for (var i = 0; i < 100_000; i++)
        {
            replies.AddUnsigned($"flood{i % 40}", jobs[i % jobs.Count]);
            waited = Math.Max(waited, replies.Count);
            if (i % 6_250 == 0)
            {
                Assert.True(replies.Add(From("honest", "honest.eth"), Refusal($"refusal {i / 6_250}")));
            }
        }

        var items = replies.TakeAll().Select(reply => reply.Item).OfType<string>().ToList();
        Assert.Equal([.. Enumerable.Range(0, 16).Select(i => $"refusal {i}")], items);
        Assert.InRange(waited, 1, PendingReplies.MostUnsigned + 16);
    }

    [Theory]
    [InlineData(1, 20_000)] // One peer with very many names,
    [InlineData(40, 40)] // many with one each,
    [InlineData(40, 20_000)] // and both.
    public void Signed_refusals_of_a_crowd_leave_everybody_else_a_share(int peers, int names)
    {
        for (var i = 0; i < 10 * PendingReplies.MostSigned; i++)
        {
            replies.Add(From($"flood{i % peers}", $"flood{i % names}.eth"), Refusal("flood"));
        }

        var share = PendingReplies.MostSigned / (peers + 1);
        for (var i = 0; i < share; i++)
        {
            Assert.True(replies.Add(From("honest", "honest.eth"), Refusal("honest")));
        }

        Assert.InRange(replies.Count, 1, PendingReplies.MostSigned + PendingReplies.MostUnsigned);
        Assert.Equal(share, replies.TakeAll().Count(reply => reply.Item is "honest"));
    }

    [Fact]
    public void A_name_beside_a_flooding_name_at_the_same_peer_keeps_its_share()
    {
        for (var i = 0; i < 10 * PendingReplies.MostSigned; i++)
        {
            replies.Add(From("", "flood.eth"), Refusal("flood"));
        }

        Assert.All(Enumerable.Range(0, 16), i => Assert.True(replies.Add(From("", "honest.eth"), Refusal("honest"))));
        Assert.Equal(16, replies.TakeAll().Count(reply => reply.Item is "honest"));
    }

    [Fact]
    public void A_job_is_told_of_once_a_second_whoever_asks()
    {
        var job = Messages.AnyCid("job");
        Assert.True(replies.AddUnsigned("a", job));
        Assert.False(replies.AddUnsigned("b", job));
        Assert.Equal(job, Assert.Single(replies.TakeAll()).Job);

        // Who asks again within the second is answered in the next, and is not forgotten.
        Assert.True(replies.AddUnsigned("b", job));
        Assert.False(replies.AddUnsigned("a", job));
        Assert.Empty(replies.TakeAll());
        Assert.Equal(1, replies.Count);
        time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(job, Assert.Single(replies.TakeAll()).Job);
        Assert.Equal(0, replies.Count);
    }

    [Fact]
    public void Whatever_comes_the_buffer_holds_no_more_than_it_may_loses_nothing_unsaid_and_keeps_whoever_is_within_both_shares() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[1, 300], Gen.Bool).Array[1, 300].Sample(steps =>
        {
            const int Capacity = 1_000;
            var buffer = new FairBuffer<(string Peer, string Party, int Cost)>(Capacity);
            var held = new List<(string Peer, string Party, int Cost)>();
            foreach (var (peer, party, cost, take) in steps)
            {
                var item = ($"peer{peer}", $"party{party}", cost);
                var share = Capacity / held.Select(h => h.Peer).Append(item.Item1).Distinct().Count();
                var ofPeer = held.Where(h => h.Peer == item.Item1).ToList();
                var part = share / ofPeer.Select(h => h.Party).Append(item.Item2).Distinct().Count();
                var within = ofPeer.Where(h => h.Party == item.Item2).Sum(h => h.Cost) + cost <= part;
                var lost = new List<(string Peer, string Party, int Cost)>();
                var added = buffer.TryAdd(item.Item1, item.Item2, item, cost, lost);
                Assert.True(added || !within, "it was within its share, and was refused");
                lost.ForEach(one => Assert.True(held.Remove(one)));
                held.AddRange(added ? [item] : []);
                if (take && buffer.TryTake(out var taken))
                {
                    Assert.True(held.Remove(taken));
                }

                Assert.Equal(held.Count, buffer.Count);
                Assert.True(held.Sum(h => h.Cost) <= Capacity);
            }

            while (buffer.TryTake(out var taken))
            {
                Assert.True(held.Remove(taken));
            }

            Assert.Empty(held);
        });

    private IngressMessage From(string peer, string name) => new("jobs", default, peer) { Snapshot = Bench.Signed(messages.Job(client: EnsName.Parse(name))) };

    private static Reply Refusal(string text) => new("jobs/rejected", text, default, default);
}
