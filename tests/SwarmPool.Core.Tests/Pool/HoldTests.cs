using CsCheck;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>Work that is held is paid once or goes back to its client once, whatever happens in whatever order.</summary>
public sealed class HoldTests
{
    private const string Model = Messages.Model;
    private const string Other = "another model, with spaces";

    [Fact]
    public void Each_part_of_each_job_is_paid_once_or_goes_back_once_whatever_happens() =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 1_000_000]).Array[1, 120].Sample(steps =>
        {
            var story = new HeldStory(steps[0].Item2 % 4 - 1 is var hold and >= 0 ? hold : null);
            var (paid, refunded) = (new Dictionary<Transport.Cid, long>(), new Dictionary<Transport.Cid, long>());
            foreach (var (what, with) in steps)
            {
                Step(story, what, with, paid, refunded);
                CheckBooks(story);
            }

            story.Restart(0); // Whatever is held is released.
            story.Close();
            story.Close();
            while (Settle(story, paid, refunded))
            {
            }

            Assert.Empty(story.State.Epochs.Held);
            Assert.Empty(story.State.Epochs.Struck);
            foreach (var part in story.Parts)
            {
                Assert.True(part.Released > 0);
                Assert.Equal(part.IsStruck ? (0, part.Released) : (part.Released, 0), (paid.GetValueOrDefault(part.Proof), refunded.GetValueOrDefault(part.Proof)));
                Assert.Equal(0, story.State.Epochs.OwedBy(part.Client));
            }

            Assert.Equal(story.Parts.Count, paid.Count + refunded.Count);
        }, iter: 300);

    [Fact]
    public void A_strike_changes_nothing_that_is_released_and_all_that_is_held()
    {
        var story = new HeldStory(2);
        story.Decide(1, Model, [0], 1_000);
        story.Close();
        story.Decide(1, Model, [0], 2_000);
        story.Decide(2, Model, [1], 500);
        story.Decide(2, Other, [0], 300);
        story.Close();
        var third = story.Close();
        Assert.Equal((1L, 1L), (third.ReleasesFrom!.Value, third.ReleasesTo!.Value));
        Assert.Null(third.Struck);
        story.Refuse(0, Model);
        Assert.Equal(1_000, story.State.Epochs.OwedBy(Client(1))); // Released, so that it is owed until it is sealed.
        Assert.Equal(800, story.State.Epochs.OwedBy(Client(2)));
        var fourth = story.Close();
        Assert.Equal([new StruckWork(HeldStory.PayeeOf(0), Model, story.Records[^2].Sequence)], fourth.Struck!);

        foreach (var (settled, refunds) in new[] { (0L, 0), (0L, 0), (1_000L, 0), (800L, 1) })
        {
            var work = story.SettleNext()!;
            Assert.Equal((settled, refunds), (work.Entries.Sum(entry => entry.Price.Micro), work.Refunds.Count));
        }

        Assert.Equal(0, story.State.Epochs.OwedBy(Client(1)));
        story.Decide(1, Model, [0], 7);
        story.Close();
        story.Close();
        story.Close();
        Assert.Null(story.Closed[7].Struck); // What it earns after that is its own again.
        Assert.Equal(7, story.Closed[7].Volume.Micro);
    }

    [Fact]
    public void Of_a_job_that_several_did_only_the_struck_part_goes_back()
    {
        var story = new HeldStory(1);
        story.Decide(1, Model, [0, 1, 2], 10);
        story.Refuse(1, Model);
        story.Close();
        Assert.Equal((1L, 2L, 7L), (story.State.Epochs.Held[0].Jobs, story.State.Epochs.Held[0].Proofs, story.State.Epochs.Held[0].Volume.Micro));
        story.Refuse(2, Model);
        Assert.Equal((1L, 1L, 4L), (story.State.Epochs.Held[0].Jobs, story.State.Epochs.Held[0].Proofs, story.State.Epochs.Held[0].Volume.Micro));
        Assert.Equal(4, story.State.Epochs.OwedBy(Client(1)));
        story.Refuse(3, Model); // A second name of the first one's payee.
        Assert.Equal((0L, 0L, 0L), (story.State.Epochs.Held[0].Jobs, story.State.Epochs.Held[0].Proofs, story.State.Epochs.Held[0].Volume.Micro));
        story.Close();
        story.SettleNext();
        var work = story.SettleNext()!;
        Assert.Empty(work.Entries);
        Assert.Equal([4L, 3L, 3L], work.Refunds.Select(refund => refund.Price.Micro));
    }

    [Theory]
    [InlineData(RefuseReasons.Failed)]
    [InlineData(RefuseReasons.OtherClass)]
    public void What_is_not_found_wrong_strikes_nothing(string reason)
    {
        var story = new HeldStory(1);
        story.Decide(1, Model, [0], 10);
        story.Refuse(0, Model, reason);
        story.Close();
        Assert.Null(story.Close().Struck);
        Assert.Equal(10, story.Closed[2].Volume.Micro);
    }

    [Fact]
    public void A_settlement_of_other_work_than_the_epoch_releases_is_refused()
    {
        var story = new HeldStory(1);
        story.Decide(1, Model, [0], 10);
        story.Close();
        story.Close();
        story.SettleNext();
        var operations = new Payee(story.State.Settings!.OperationsName, story.State.Settings.OperationsAddress);
        foreach (var micro in new[] { 0, 9, 11 })
        {
            var fact = new SettlementFact(new PolicyIdentity("all", "1", new string('a', 64)), false, operations, Usdc.FromMicro(micro), [], "");
            Bench.Refused(ErrorCodes.SettlementOfOtherWork, PoolMachine.Decide(story.State, new SettledInput(2), new PoolFacts { Settlement = fact }, story.At));
        }
    }

    [Fact]
    public void A_pool_that_checks_nothing_closes_and_saves_as_ever()
    {
        var story = new HeldStory(null);
        story.Decide(1, Model, [0], 10);
        Assert.Equal(new EpochClosed(1), story.Close());
        Assert.DoesNotContain("work", System.Text.Encoding.UTF8.GetString(StateCodec.Encode(story.State)), StringComparison.Ordinal);
    }

    [Fact]
    public void Work_is_held_for_as_many_epochs_as_the_settings_say_when_one_closes()
    {
        var story = new HeldStory(1_000);
        for (var i = 0; i < 5; i++)
        {
            story.Decide(1, Model, [0], 10);
            Assert.Equal((1L, 0L), (story.Close() is var closed ? (closed.ReleasesFrom!.Value, closed.ReleasesTo!.Value) : default));
        }

        foreach (var (hold, to) in new[] { (3, 3L), (5, 3L), (2, 6L), (0, 9L) })
        {
            story.Restart(hold);
            Assert.Equal(to, story.Close().ReleasesTo);
        }

        Assert.Empty(story.State.Epochs.Held);
    }

    [Fact]
    public void Nobody_may_order_more_than_one_epoch_could_settle_with_what_is_held()
    {
        var story = new HeldStory(3);
        story.Decide(1, Model, [0], Usdc.MaxMicro - 10);
        story.Close();
        Assert.Equal(Usdc.MaxMicro - 10, story.State.Epochs.UnreleasedMicro);
        var job = new Messages(() => story.At / 1000).Job("0.000011");
        Bench.Refused(ErrorCodes.PoolFull, PoolMachine.Decide(story.State, new MessageInput(Bench.Signed(job)), Signer(job), story.At));
        story.Refuse(0, Model);
        Bench.Accepted(PoolMachine.Decide(story.State, new MessageInput(Bench.Signed(job)), Signer(job), story.At));
    }

    private static PoolFacts Signer(Snapshot body) => new() { Signer = new NameFact(TestKeys.Of(body.Signer).Address, TestKeys.Of(body.Signer).Address, 0, null) };

    private static Identity.EnsName Client(int number) => Identity.EnsName.Parse($"client{number}.eth");

    private static void Step(HeldStory story, int what, int with, Dictionary<Transport.Cid, long> paid, Dictionary<Transport.Cid, long> refunded)
    {
        var model = with % 3 == 0 ? Other : Model;
        switch (what)
        {
            case < 45:
                story.Decide(with % 4, model, [.. Enumerable.Range(with % 4, 1 + (with / 7 % 3)).Select(static miner => miner % 4)], 1 + (with % 1000));
                break;
            case < 55: story.Check(with % 4, 1 + (with % 50)); break;
            case < 65: story.Refuse(with % 4, model, with % 5 == 0 ? RefuseReasons.Failed : RefuseReasons.Withheld); break;
            case < 82: story.Close(); break;
            case < 88: story.Restart(with % 5 - 1 is var hold and >= 0 ? hold : null); break;
            case < 92: story.Crash(); break;
            default: Settle(story, paid, refunded); break;
        }
    }

    private static bool Settle(HeldStory story, Dictionary<Transport.Cid, long> paid, Dictionary<Transport.Cid, long> refunded)
    {
        var number = story.State.Epochs.Closed.Count > 0 ? story.State.Epochs.Closed[0].Number : 0;
        if (story.SettleNext() is not { } work)
        {
            return false;
        }

        foreach (var entry in work.Entries)
        {
            Assert.True(paid.TryAdd(entry.Proof, number), "paid twice");
        }

        foreach (var refund in work.Refunds)
        {
            Assert.True(refunded.TryAdd(refund.ProofCid, number), "back twice");
        }

        var account = story.Closed[number];
        Assert.Equal(
            (account.Jobs, account.Proofs, account.Volume.Micro),
            (work.Entries.Select(entry => entry.Job).Distinct().LongCount(), work.Entries.Count, work.Entries.Sum(entry => entry.Price.Micro)));
        return true;
    }

    // By what is kept of each part by itself.
    private static void CheckBooks(HeldStory story)
    {
        var epochs = story.State.Epochs;
        var closed = epochs.Closed.Select(static epoch => epoch.Number).ToHashSet();
        foreach (var client in Enumerable.Range(0, 4).Select(Client))
        {
            Assert.Equal(
                story.Parts.Where(part => part.Client == client && !part.IsStruck && (part.Released == 0 || closed.Contains(part.Released))).Sum(part => part.Price.Micro),
                epochs.OwedBy(client));
        }

        foreach (var held in epochs.Held)
        {
            Assert.Equal(story.Parts.Where(part => part.Decided == held.Number && !part.IsStruck).Sum(part => part.Price.Micro), held.Volume.Micro);
        }

        Assert.True(
            story.Parts.Where(part => part.Released == 0 || closed.Contains(part.Released)).Select(part => part.Decided).Append(epochs.Open!.Number).Min() >= epochs.OldestUnpaid);
    }
}
