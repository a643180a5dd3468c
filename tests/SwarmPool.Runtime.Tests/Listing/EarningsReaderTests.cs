using System.Globalization;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Listing;
using SwarmPool.Runtime.Tests.Auditing;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Listing;

/// <summary>What a miner earned is what the published epochs pay it, and nobody's word besides.</summary>
public sealed class EarningsReaderTests
{
    private const long DayMs = 86_400_000;

    private readonly CrookedPool pool = new();

    [Fact]
    public async Task Days_and_models_sum_up_to_what_the_epochs_pay()
    {
        var (alice, bob) = (await JoinAsync(1, "a", "b"), await JoinAsync(2, "a", "b"));
        await DoAsync("1", "a", alice);
        await DoAsync("3", "b", alice);
        await DoAsync("2", "a", bob);
        await pool.EndEpochAsync();
        pool.Bench.At += DayMs;
        await DoAsync("0.5", "a", alice);
        await pool.EndEpochAsync();
        await DoAsync("7", "a", bob);
        pool.Bench.At += DayMs;
        var last = await pool.EndEpochAsync();

        foreach (var miner in new[] { alice, bob })
        {
            var paid = await PaidAsync(last, miner);
            var earned = await ReadAsync(last, miner);
            Assert.Equal(paid.Sum(one => one.Micro), earned.Total.Micro);
            Assert.Equal(paid.Count(one => one.Micro > 0), earned.Epochs);
            Assert.Equal(earned.Total.Micro, earned.Days.Sum(day => day.Amount.Micro));
            Assert.Equal(earned.Total.Micro, earned.Models!.Sum(model => model.Amount.Micro));
            Assert.Equal(("epoch-1", "epoch-3"), (earned.FirstEpoch, earned.LastEpoch));
            Assert.Null(earned.Unread);
        }

        var its = await ReadAsync(last, alice);
        Assert.Equal([DayOf(1), DayOf(0)], its.Days.Select(day => day.Day));
        Assert.Equal([("b", 1L, "3"), ("a", 2L, "1.5")], its.Models!.Select(model => (model.Model!, model.Jobs, model.Volume.ToString())));

        // Half of each price is the miner's here: its models earn in proportion.
        Assert.Equal(its.Models![0].Amount.Micro * 3, its.Models[1].Amount.Micro * 6);

        var one = await ReadAsync(last, alice, new EarningsFilter { Model = "b" });
        Assert.Equal(its.Models[0], Assert.Single(one.Models!));
        Assert.Equal(its.Models[0].Amount, one.Total);
    }

    [Fact]
    public async Task A_range_is_of_when_epochs_ended_and_days_are_paged()
    {
        var alice = await JoinAsync(1, "a");
        Cid last = default;
        for (var i = 0; i < 4; i++)
        {
            await DoAsync("1", "a", alice);
            last = await pool.EndEpochAsync();
            pool.Bench.At += DayMs;
        }

        var all = await ReadAsync(last, alice);
        var page = await ReadAsync(last, alice, new EarningsFilter { ByModel = false, Range = new ListRange { Limit = 1 } });
        Assert.Equal((all.Total, 4L, 3L), (page.Total, page.Epochs, page.MoreDays));
        Assert.Null(page.Models);
        Assert.Equal(all.Days[0], Assert.Single(page.Days));

        var second = DateTimeOffset.Parse(all.Days[2].Day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
        var middle = await ReadAsync(last, alice, new EarningsFilter { Range = new ListRange { SinceMs = second, UntilMs = second + (2 * DayMs) } });
        Assert.Equal(all.Days.Skip(1).Take(2), middle.Days);
        Assert.Equal("epoch-2", middle.FirstEpoch); // What ended earlier is not read.
    }

    [Fact]
    public async Task The_model_of_a_job_of_an_earlier_epoch_is_found_there()
    {
        var alice = await JoinAsync(1, "a", "b");
        var early = (await pool.SendAsync(pool.Bench.Messages.Job("2", model: "b"))).Cid;
        await pool.EndEpochAsync();
        await pool.EndEpochAsync();
        await pool.DoAsync(early, alice);
        await DoAsync("2", "a", alice);
        var last = await pool.EndEpochAsync();

        var earned = await ReadAsync(last, alice);
        Assert.Equal(["a", "b"], earned.Models!.Select(model => model.Model!).Order(StringComparer.Ordinal));
        Assert.Equal(earned.Models![0].Amount, earned.Models[1].Amount);

        // Where it can't be found any more, the money is still there.
        var since = (await pool.FetchAsync(last)).EndedAt;
        Assert.Equal(["a", "b"], (await ReadAsync(last, alice, new EarningsFilter { Range = new ListRange { SinceMs = since } })).Models!.Select(model => model.Model!).Order(StringComparer.Ordinal));
        var first = await pool.FetchAsync((await pool.FetchAsync((await pool.FetchAsync(last)).PreviousEpoch!.Value)).PreviousEpoch!.Value);
        pool.Lose(first.Journal[0]);
        var lost = await ReadAsync(last, alice);
        Assert.Equal(("epoch-1", ErrorCodes.ContentNotFound), (lost.Unread!.Before, lost.Unread.Code)); // What it paid is known, for what is not.
        Assert.Equal(earned.Total, lost.Total);
        Assert.Equal([null, "a"], lost.Models!.Select(model => model.Model).Order(StringComparer.Ordinal));
        Assert.Equal(lost.Total.Micro, lost.Models!.Sum(model => model.Amount.Micro));
    }

    [Fact]
    public async Task What_is_not_there_any_more_is_told_and_the_rest_is_summed_up()
    {
        var alice = await JoinAsync(1, "a");
        await DoAsync("1", "a", alice);
        var first = await pool.EndEpochAsync();
        await DoAsync("2", "a", alice);
        await pool.EndEpochAsync();
        await DoAsync("4", "a", alice);
        var last = await pool.EndEpochAsync();
        var all = await ReadAsync(last, alice);

        var firstPaid = (await PaidAsync(first, alice)).Sum(one => one.Micro);
        pool.Lose(first);
        var rest = await ReadAsync(last, alice, new EarningsFilter { ByModel = false });
        Assert.Equal(("epoch-2", ErrorCodes.ContentNotFound), (rest.Unread!.Before, rest.Unread.Code));
        Assert.Equal(all.Total.Micro, rest.Total.Micro + firstPaid);
        var byModel = await ReadAsync(last, alice);
        Assert.Equal(rest.Total, byModel.Total);
        Assert.Equal([null, "a"], byModel.Models!.Select(model => model.Model).Order(StringComparer.Ordinal)); // Where the records of epoch-2 begin is said in epoch-1.

        pool.Lose(last);
        var none = await ReadAsync(last, alice);
        Assert.Equal((Usdc.Zero, null, null), (none.Total, none.Unread!.Before, none.FirstEpoch));
    }

    [Fact]
    public async Task Another_pools_epoch_is_not_summed_up_and_forged_records_name_no_model()
    {
        var alice = await JoinAsync(1, "a");
        await DoAsync("1", "a", alice);
        var last = await pool.EndEpochAsync();
        var other = await new EarningsReader(pool.Content, TimeProvider.System).ReadAsync(EnsName.Parse("other.eth"), last, alice, new EarningsFilter());
        Assert.Equal((Usdc.Zero, ErrorCodes.WrongPool), (other.Total, other.Unread!.Code));

        var epoch = await pool.FetchAsync(last);
        var forged = await pool.PublishAsync(epoch with { JournalRoot = new string('0', 64) });
        var read = await ReadAsync(forged, alice);
        Assert.Equal(("epoch-1", ErrorCodes.ContentMismatch), (read.Unread!.Before, read.Unread.Code));
        Assert.Null(Assert.Single(read.Models!).Model); // Signed as a payout it is; for what, can't be believed.
    }

    [Fact]
    public async Task Who_is_paid_nothing_earned_nothing()
    {
        var alice = await JoinAsync(1, "a");
        await DoAsync("1", "a", alice);
        var earned = await ReadAsync(await pool.EndEpochAsync(), Messages.Miner(9));
        Assert.Equal((Usdc.Zero, 0L, 0, 0), (earned.Total, earned.Epochs, earned.Days.Count, earned.Models!.Count));
    }

    [Theory]
    [InlineData(100, new long[] { 1, 1, 1 }, new long[] { 34, 33, 33 })]
    [InlineData(1, new long[] { 1, 2 }, new long[] { 0, 1 })]
    [InlineData(7, new long[] { 0, 0 }, new long[] { 0, 0, 7 })]
    [InlineData(1_000_000_000_000_000, new long[] { 999_999_999_999_999, 1 }, new long[] { 999_999_999_999_999, 1 })]
    public void A_payout_is_split_to_the_micro_unit(long paid, long[] prices, long[] parts)
    {
        var work = new EpochWork(0, Usdc.FromMicro(paid));
        for (var i = 0; i < prices.Length; i++)
        {
            var job = Messages.AnyCid($"{i}");
            work.Add(new(job, [new(job, Messages.Miner(1), default, MiningMode.SOLO, Usdc.FromMicro(prices[i]))]), Messages.Miner(1), $"model-{i}");
        }

        Assert.Equal(parts, work.Split().Select(part => part.Amount.Micro));
    }

    private Task<MinerEarnings> ReadAsync(Cid last, EnsName miner, EarningsFilter? filter = null) =>
        new EarningsReader(pool.Content, TimeProvider.System).ReadAsync(Messages.Pool, last, miner, filter ?? new EarningsFilter());

    private async Task<EnsName> JoinAsync(int number, params string[] models)
    {
        await pool.SendAsync(pool.Bench.Messages.Registration(Messages.Miner(number), models: models));
        return Messages.Miner(number);
    }

    private async Task DoAsync(string amount, string model, EnsName miner) => await pool.DoAsync((await pool.SendAsync(pool.Bench.Messages.Job(amount, model: model))).Cid, miner);

    private static string DayOf(int days) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Bench.Start + (days * DayMs)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Epoch by epoch, by the pages that name payouts alone.
    private async Task<List<Usdc>> PaidAsync(Cid? epoch, EnsName miner)
    {
        var paid = new List<Usdc>();
        while (epoch is { } cid)
        {
            var body = await pool.FetchAsync(cid);
            foreach (var page in body.Settlements.Miners)
            {
                paid.AddRange(JsonPayouts(pool.Get(page)).Where(item => item.Miner == miner).Select(item => item.Amount));
            }

            epoch = body.PreviousEpoch;
        }

        return paid;
    }

    private static IReadOnlyList<PayoutItem> JsonPayouts(ReadOnlyMemory<byte> page)
    {
        Assert.True(Protocol.Snapshots.SnapshotCodec.TryDecodePage<PayoutItem>(page, out var items, out var refusal), refusal?.ToString());
        return items;
    }
}
