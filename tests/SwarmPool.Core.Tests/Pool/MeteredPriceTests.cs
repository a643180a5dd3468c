using System.Numerics;
using CsCheck;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>Jobs that pay by what is counted: their price, and what becomes of what was reserved beyond it.</summary>
public sealed class MeteredPriceTests
{
    private static readonly JobRates Rates = new() { Base = 100, InputTokens = 50, OutputTokens = 200 };

    private static readonly Gen<long?> Rate = Gen.OneOf(Gen.Const((long?)null), Gen.Long[0, 2000].Select(static rate => (long?)rate), Gen.Long[0, JobRates.Most].Select(static rate => (long?)rate));
    private static readonly Gen<long> Count = Gen.OneOf(Gen.Long[0, 2000], Gen.Long[0, long.MaxValue]);

    private static readonly Gen<JobRates> AnyRates =
        from parts in Rate.Array[5]
        select new JobRates { Base = parts[0], InputTokens = parts[1], OutputTokens = parts[2], Seconds = parts[3], Pictures = parts[4] };

    private static readonly Gen<JobUsage> AnyUsage =
        from counts in Count.Array[4]
        select new JobUsage { InputTokens = counts[0], OutputTokens = counts[1], Milliseconds = counts[2], Pictures = counts[3] };

    private static readonly Gen<Usdc> AnyCeiling = Gen.Long[0, Usdc.MaxMicro].Select(Usdc.FromMicro);

    private readonly Bench bench = new(Bench.DefaultSettings with { Rules = 2 });

    [Fact]
    public void The_price_is_the_exact_sum_rounded_up_once_and_never_above_the_ceiling() => Gen.Select(AnyRates, AnyUsage, AnyCeiling).Sample(
        static (rates, usage, ceiling) =>
        {
            static BigInteger Of(long? count, long? rate) => new BigInteger(count ?? 0) * (rate ?? 0);
            var thousandths = Of(usage.InputTokens, rates.InputTokens) + Of(usage.OutputTokens, rates.OutputTokens) + Of(usage.Milliseconds, rates.Seconds) + (1000 * Of(usage.Pictures, rates.Pictures));
            var exact = (new BigInteger(rates.Base ?? 0) * 1000) + thousandths; // In thousandths of a micro-USDC.
            var price = rates.CostOf(usage, ceiling);
            Assert.InRange(price.Micro, 0, ceiling.Micro);
            if (price < ceiling)
            {
                Assert.True(new BigInteger(price.Micro) * 1000 >= exact);
                Assert.True((new BigInteger(price.Micro) - 1) * 1000 < exact);
            }
            else
            {
                Assert.True(exact > (new BigInteger(ceiling.Micro) - 1) * 1000);
            }
        });

    [Fact]
    public void More_of_anything_never_costs_less() => Gen.Select(AnyRates, AnyUsage, AnyCeiling, Gen.Int[0, 3], Gen.Long[0, 1_000_000]).Sample(
        static (rates, usage, ceiling, what, more) =>
        {
            static long? Sum(long? count, long more) => count > long.MaxValue - more ? count : count + more;
            var larger = what switch
            {
                0 => usage with { InputTokens = Sum(usage.InputTokens, more) },
                1 => usage with { OutputTokens = Sum(usage.OutputTokens, more) },
                2 => usage with { Milliseconds = Sum(usage.Milliseconds, more) },
                _ => usage with { Pictures = Sum(usage.Pictures, more) },
            };
            Assert.True(rates.CostOf(larger, ceiling) >= rates.CostOf(usage, ceiling));
        });

    [Theory]
    [InlineData(14, 9, "0.000103")] // 100 + (700 + 1,800) / 1,000 = 102.5
    [InlineData(0, 0, "0.0001")]
    [InlineData(0, 5, "0.000101")] // exactly 101
    [InlineData(1, 5, "0.000102")] // 101.05
    [InlineData(1_000_000, 1_000_000, "0.01")]
    public void By_hand(int input, int output, string price) =>
        Assert.Equal(Usdc.Parse(price), Rates.CostOf(new JobUsage { InputTokens = input, OutputTokens = output }, Usdc.Parse("0.01")));

    [Fact]
    public void A_decided_job_costs_what_was_counted_and_what_was_reserved_beyond_it_is_free_again()
    {
        var miner = bench.Miner(1);
        var job = Job("0.01");
        Assert.Equal(10_000, bench.State.Jobs.OpenVolumeMicro);
        var decision = Bench.Accepted(Prove(job, miner, bench.Claim(job, miner), Usage(14, 9)));

        Assert.Equal(103, Assert.Single(Assert.IsType<JobDecided>(decision.Events[^1]).Parts).Price.Micro);
        Assert.Equal(Usage(14, 9), Assert.IsType<ProofAccepted>(decision.Events[0]).Usage);
        var entry = bench.State.Jobs[job];
        Assert.Equal((Usdc.FromMicro(103), Usage(14, 9), Usdc.Parse("0.01")), (entry.Charge, entry.Usage, entry.Price));
        Assert.Equal((103, 103, 103), (bench.State.Epochs.Open!.Volume.Micro, bench.State.TotalVolume.Micro, bench.State.Epochs.OwedBy(Messages.Client)));
        Assert.Equal(0, bench.State.Jobs.OpenVolumeMicro);
    }

    [Fact]
    public async Task A_spending_cap_gets_back_what_the_job_did_not_cost()
    {
        var session = await Session.OpenAsync(Messages.Client, DelegationRoles.Client, bench.At / 1000, "0.02");
        Bench.Accepted(bench.Send(session.Delegation));
        var miner = bench.Miner(1);
        var job = Bench.Signed(Order("0.02") with { Delegation = session.Delegation.Cid });
        Bench.Accepted(bench.Send(new MessageInput(job), new PoolFacts { Signer = session.Fact }));
        Assert.Equal(20_000, Spent());
        Bench.Accepted(Prove(job.Cid, miner, bench.Claim(job.Cid, miner), Usage(14, 9)));
        Assert.Equal(103, Spent());

        long Spent() => bench.State.Delegations.Find(session.Body.Name, session.Delegation.Digest)!.SpentMicro;
    }

    [Fact]
    public void What_a_client_may_owe_counts_the_ceiling_while_a_job_is_open_and_the_price_after()
    {
        var capped = new Bench(Bench.DefaultSettings with { Rules = 2, MaxUnpaid = Usdc.Parse("0.01") });
        var miner = capped.Miner(1);
        var job = Bench.Signed(Order("0.01"));
        Bench.Accepted(capped.Send(job));
        Bench.Refused(ErrorCodes.UnpaidCap, capped.Send(Order("0.001")));
        Bench.Accepted(capped.Send(new MessageInput(Bench.Signed(capped.Messages.Proof(job.Cid, miner, capped.Claim(job.Cid, miner), Messages.AnyCid("an output")))), Facts(miner, Usage(14, 9))));
        Bench.Accepted(capped.Send(Order("0.009")));
    }

    [Fact]
    public void Replicas_are_paid_by_the_least_that_was_counted_for_those_who_agree()
    {
        var miners = new[] { bench.Miner(1), bench.Miner(2), bench.Miner(3) };
        var job = Job("0.01", replicas: 3);
        var fences = miners.Select(miner => bench.Claim(job, miner)).ToList();
        Bench.Accepted(Prove(job, miners[0], fences[0], Usage(1400, 9)));
        Bench.Accepted(Prove(job, miners[1], fences[1], Usage(2, 1), "another output"));
        var decided = Assert.IsType<JobDecided>(Bench.Accepted(Prove(job, miners[2], fences[2], Usage(1000, 9))).Events[^1]);

        // 100 + (50,000 + 1,800) / 1,000 = 151.8, in two parts. The third, who says otherwise, decides nothing.
        Assert.Equal([76, 76], decided.Parts.Select(static part => part.Price.Micro));
        Assert.Equal(Usage(1000, 9), bench.State.Jobs[job].Usage);
    }

    [Fact]
    public void A_proof_that_was_not_counted_is_refused_and_its_miner_may_send_another()
    {
        var miner = bench.Miner(1);
        var job = Job("0.01");
        var fence = bench.Claim(job, miner);
        Bench.Refused(ErrorCodes.EvidenceMissing, Prove(job, miner, fence, null));
        Bench.Refused(ErrorCodes.EvidenceMissing, Prove(job, miner, fence, new JobUsage { InputTokens = 14 }));
        Bench.Refused(ErrorCodes.EvidenceMissing, Prove(job, miner, fence, Usage(14, -9)));
        Bench.Accepted(Prove(job, miner, fence, Usage(14, 9)));

        var sound = Job("0.01", rates: new JobRates { Seconds = 1 });
        var again = bench.Claim(sound, miner);
        Bench.Refused(ErrorCodes.UsageUncountable, Prove(sound, miner, again, Usage(14, 9)));
        Bench.Refused(ErrorCodes.UsageUncountable, Prove(sound, miner, again, new JobUsage { Milliseconds = 0 }));
        Bench.Accepted(Prove(sound, miner, again, new JobUsage { Milliseconds = 1 }));
    }

    /// <summary>What is counted for a job with a fixed price is not written: nothing is paid by it.</summary>
    [Fact]
    public void A_fixed_price_is_paid_whatever_was_counted()
    {
        var miner = bench.Miner(1);
        var job = bench.Job("0.25");
        var decision = Bench.Accepted(Prove(job, miner, bench.Claim(job, miner), Usage(14, 9)));
        Assert.Null(Assert.IsType<ProofAccepted>(decision.Events[0]).Usage);
        Assert.Equal(250_000, Assert.IsType<JobDecided>(decision.Events[1]).Parts.Single().Price.Micro);
        Assert.Null(bench.State.Jobs[job].Charge);
    }

    [Fact]
    public void A_pool_takes_no_job_that_could_come_to_less_than_its_least()
    {
        var pool = new Bench(Bench.DefaultSettings with { Rules = 2, MinAmount = Usdc.FromMicro(100) });
        Bench.Refused(ErrorCodes.AmountTooLow, pool.Send(Order("0.01", rates: Rates with { Base = 99 })));
        Bench.Refused(ErrorCodes.AmountTooLow, pool.Send(Order("0.01", rates: Rates with { Base = null })));
        Bench.Accepted(pool.Send(Order("0.01")));
    }

    [Fact]
    public void A_priced_model_is_done_for_no_less_than_the_pool_asks()
    {
        var pack = Messages.AnyCid("a pack");
        var pool = new Bench(Bench.DefaultSettings with { Rules = 2, Models = [new PoolModel(Messages.Model, pack), new PoolModel("other", Messages.AnyCid("other"))], Prices = [new ModelPriceItem(Messages.Model, Rates)] });
        foreach (var model in new[] { Messages.Model, pack.ToString() })
        {
            var refused = pool.Send(Order("0.01", model, Rates with { OutputTokens = 199 }));
            Bench.Refused(ErrorCodes.RatesTooLow, refused);
            Assert.Contains("base=0.0001,input_tokens=0.00005,output_tokens=0.0002", refused.Refusal!.Reason, StringComparison.Ordinal);
            Bench.Refused(ErrorCodes.RatesTooLow, pool.Send(Order("0.01", model, Rates with { Base = 99 })));
            Bench.Refused(ErrorCodes.RatesTooLow, pool.Send(Order("0.01", model, Rates with { InputTokens = null })));
            Bench.Refused(ErrorCodes.RatesTooLow, pool.Send(Order("1000", model) with { Payment = new JobPayment(Usdc.Parse("1000")) }));
            Bench.Accepted(pool.Send(Order("0.01", model)));
            Bench.Accepted(pool.Send(Order("0.01", model, Rates with { Base = 101, Pictures = 5 })));
        }

        Bench.Accepted(pool.Send(Order("0.01", "other", new JobRates { OutputTokens = 1 })));
    }

    /// <summary>What was recorded reads back as what it was, and the state that it leads to as well.</summary>
    [Fact]
    public void Records_and_states_keep_rates_and_counts()
    {
        var miner = bench.Miner(1);
        var job = Job("0.01", rates: new JobRates { Base = 1, InputTokens = 2, OutputTokens = 3, Seconds = 0, Pictures = 0 });
        Bench.Accepted(Prove(job, miner, bench.Claim(job, miner), Usage(14, 9)));
        var open = Job("0.02");
        var writer = new RecordWriter();
        ReadOnlyMemory<byte> previous = new byte[32];
        foreach (var record in bench.Records)
        {
            var stored = writer.Write(record, previous);
            var events = RecordEvents.Read(stored.Body.Span, new StringInterner(), out _).Events;
            Assert.Equal(Text(record.Events), Text(events));
            previous = stored.Hash;
        }

        Assert.Equal(StateCodec.FormatOfLater, StateCodec.FormatOf(bench.State));
        var bytes = StateCodec.Encode(bench.State);
        var read = StateCodec.Decode(bytes);
        Assert.Equal(bytes, StateCodec.Encode(read));
        Assert.Equal((Rates, Usage(14, 9)), (read.Jobs[open].Rates, read.Jobs[job].Usage));
    }

    private static string Text(IReadOnlyList<PoolEvent> events) => System.Text.Json.JsonSerializer.Serialize(events, PoolJson.Default.IReadOnlyListPoolEvent);

    private static JobUsage Usage(long input, long output) => new() { InputTokens = input, OutputTokens = output };

    private static PoolFacts Facts(EnsName miner, JobUsage? usage) => new()
    {
        Signer = new NameFact(TestKeys.Of(miner).Address, TestKeys.Of(miner).Address, 0, null),
        Verdict = new VerdictFact("hashes", false) { Usage = usage },
    };

    private JobSnapshot Order(string amount, string model = Messages.Model, JobRates? rates = null, int? replicas = null) =>
        bench.Messages.Job(amount, model: model, replicas: replicas) with { Payment = new JobPayment(Usdc.Parse(amount)) { Rates = rates ?? Rates } };

    private Cid Job(string amount, int? replicas = null, JobRates? rates = null)
    {
        var job = Bench.Signed(Order(amount, replicas: replicas, rates: rates));
        Bench.Accepted(bench.Send(job));
        return job.Cid;
    }

    private Decision Prove(Cid job, EnsName miner, long fence, JobUsage? usage, string output = "an output") =>
        bench.Send(new MessageInput(Bench.Signed(bench.Messages.Proof(job, miner, fence, Messages.AnyCid(output)))), Facts(miner, usage));
}
