using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Pool.Rules;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>Jobs ask, miners offer: who may claim, who is counted, and which deadline nobody can meet.</summary>
public sealed class MatchingRulesTests
{
    private const long GiB = 1L << 30;

    private static readonly ModelOffer Large = new(Messages.Model) { MemoryBytes = 24 * GiB, ContextTokens = 8192, Device = "cuda:NVIDIA H100", Precision = "fp16", Runtime = "onnxruntime/1.31.1" };

    private readonly Bench bench = new(Bench.DefaultSettings with { Rules = 2, HeadStartMs = 2000 });

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("memory 24", true)]
    [InlineData("memory 25", false)]
    [InlineData("context 8192", true)]
    [InlineData("context 8193", false)]
    [InlineData("device cuda", true)]
    [InlineData("device cuda:NVIDIA H100", true)]
    [InlineData("device cuda:NVIDIA", true)]
    [InlineData("device cud", false)]
    [InlineData("device cpu", false)]
    [InlineData("precision fp16", true)]
    [InlineData("precision fp", false)]
    [InlineData("runtime onnxruntime", true)]
    [InlineData("runtime onnxruntime/1.31", false)]
    public void A_claim_needs_an_offer_that_has_what_the_job_asks_for(string asked, bool may)
    {
        var job = Job(Needs(asked));
        var (with, without) = (Miner(1, Large), Miner(2, null));
        if (may)
        {
            bench.Claim(job, with);
        }
        else
        {
            Bench.Refused(ErrorCodes.NeedsNotMet, bench.Send(bench.Messages.Claim(job, with)));
        }

        // What is not said meets no need; and who asks for nothing is served by those too that say nothing.
        var other = Job(Needs(asked));
        if (asked == "nothing")
        {
            bench.Claim(other, without);
        }
        else
        {
            Bench.Refused(ErrorCodes.NeedsNotMet, bench.Send(bench.Messages.Claim(other, without)));
        }
    }

    [Fact]
    public void A_job_that_pays_less_than_the_miner_takes_is_not_for_it()
    {
        var dear = Miner(1, new ModelOffer(Messages.Model) { MinPrice = Usdc.Parse("0.02") });
        var (cheap, enough) = (Job(null, "0.019999"), Job(null, "0.02"));
        var refused = bench.Send(bench.Messages.Claim(cheap, dear));
        Bench.Refused(ErrorCodes.PriceNotMet, refused);
        Assert.Contains("pays 0.019999 USDC", refused.Refusal!.Reason, StringComparison.Ordinal);
        bench.Claim(enough, dear);
        bench.Claim(cheap, Miner(2, null));
    }

    [Fact]
    public void Miners_that_match_are_counted_and_why_the_others_do_not()
    {
        Miner(1, Large with { MemoryBytes = 8 * GiB });
        Miner(2, new ModelOffer(Messages.Model) { MinPrice = Usdc.Parse("0.03") });
        Miner(3, Large with { MinPrice = Usdc.Parse("0.05") });
        var accepted = Accepted(new JobNeeds { MemoryBytes = 24 * GiB, Device = "cuda" }, "0.02");
        Assert.Equal((0, new JobMatch(3) { Memory = 1, Class = 2, AskMore = 2 }), (accepted.Miners, accepted.Match));
        accepted = Accepted(new JobNeeds { MemoryBytes = 24 * GiB, Device = "cuda" }, "0.05");
        Assert.Equal((1, new JobMatch(3) { Memory = 1, Class = 2 }), (accepted.Miners, accepted.Match));
        accepted = Accepted(null, "0.05");
        Assert.Equal((3, (JobMatch?)null), (accepted.Miners, accepted.Match));
        accepted = Accepted(null, "0.04");
        Assert.Equal((2, new JobMatch(3) { AskMore = 1 }), (accepted.Miners, accepted.Match));
    }

    [Fact]
    public void A_job_that_comes_back_is_counted_for_anew()
    {
        var miner = Miner(1, Large);
        var job = Job(new JobNeeds { Device = "cuda" });
        var fence = bench.Claim(job, miner);
        Miner(2, Large);
        Bench.Accepted(bench.Send(bench.Messages.Release(job, miner, fence)));
        var again = bench.Events.OfType<JobRequeued>().Last();
        Assert.Equal((2, new JobMatch(2) { Class = 2 }), (again.Miners, again.Match));
    }

    [Fact]
    public void A_job_is_over_when_each_that_could_do_it_had_it_so_often_and_waits_when_only_their_terms_are_in_the_way()
    {
        TakeUpRules2();
        var (able, unable) = (Miner(1, Large), Miner(2, null));
        var job = Job(new JobNeeds { Device = "cuda" });
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            bench.At += PoolState.MaxCoolDownMs;
            Bench.Accepted(bench.Send(bench.Messages.Release(job, able, bench.Claim(job, able, attempt), attempt, "failed")));
        }

        Assert.Equal(JobPhase.Failed, bench.State.Jobs[job].Phase);
        Assert.Equal(0, bench.State.Miners[unable].LiveClaims);

        var dear = Job(null, "1", Messages.Client, Deadline());
        var fence = bench.Claim(dear, unable);
        Miner(1, Large with { MinPrice = Usdc.Parse("2") });
        Miner(2, Large with { MinPrice = Usdc.Parse("2") });
        Bench.Accepted(bench.Send(bench.Messages.Release(dear, unable, fence)));
        Assert.Equal((JobPhase.Pending, 0), (bench.State.Jobs[dear].Phase, bench.State.Jobs[dear].Miners));
    }

    [Fact]
    public void A_deadline_that_no_measured_speed_meets_is_refused_at_once()
    {
        var slow = Worked(1, new ModelOffer(Messages.Model) { JobMilliseconds = 20_000 });
        var refused = bench.Send(bench.Messages.Job(deadline: (bench.At / 1000) + 10));
        Bench.Refused(ErrorCodes.DeadlineTooSoon, refused);
        Assert.Equal("The deadline is in 10 s; the fastest of the 1 miners that could do it needs 20 s with digits-v1. Give it more than 20 s.", refused.Refusal!.Reason);
        Bench.Accepted(bench.Send(bench.Messages.Job(deadline: (bench.At / 1000) + 20)));

        // One that is faster, or that has not said, may do it.
        Worked(2, new ModelOffer(Messages.Model) { JobMilliseconds = 9_000 });
        Bench.Accepted(bench.Send(bench.Messages.Job(deadline: (bench.At / 1000) + 10)));
        Miner(2, null);
        Bench.Accepted(bench.Send(bench.Messages.Job(deadline: (bench.At / 1000) + 10)));
        Assert.Equal(1, bench.State.Miners[slow].JobsCompleted);
    }

    [Fact]
    public void Without_a_miner_that_could_do_it_a_job_waits_whatever_its_deadline()
    {
        Bench.Accepted(bench.Send(bench.Messages.Job(deadline: (bench.At / 1000) + 1)));
        Worked(1, new ModelOffer(Messages.Model) { JobMilliseconds = 20_000 });
        Bench.Accepted(bench.Send(bench.Messages.Job(deadline: (bench.At / 1000) + 1) with { Needs = new JobNeeds { Device = "cuda" } }));
    }

    /// <summary>Names cost nothing: one that did nothing can't have the jobs of all refused by saying that it is slow.</summary>
    [Fact]
    public void What_a_name_without_a_proof_says_of_its_speed_is_not_believed()
    {
        var newcomer = Miner(1, new ModelOffer(Messages.Model) { JobMilliseconds = 600_000_000 });
        Bench.Accepted(bench.Send(bench.Messages.Job(deadline: (bench.At / 1000) + 10)));
        var job = bench.Job();
        bench.Prove(job, newcomer, bench.Claim(job, newcomer));
        Bench.Refused(ErrorCodes.DeadlineTooSoon, bench.Send(bench.Messages.Job(deadline: (bench.At / 1000) + 10)));
    }

    [Theory]
    [InlineData(null, 1, true)]
    [InlineData(100, 9, false)]
    [InlineData(100, 10, true)]
    public void Tokens_are_measured_by_those_of_the_answer(int? outputTokens, int seconds, bool taken)
    {
        Worked(1, new ModelOffer(Messages.Model) { MillitokensPerSecond = 10_000, JobMilliseconds = 60_000 });
        var decision = bench.Send(bench.Messages.Job(deadline: (bench.At / 1000) + seconds) with { Needs = outputTokens is null ? null : new JobNeeds { OutputTokens = outputTokens } });
        Assert.Equal(taken ? null : ErrorCodes.DeadlineTooSoon, decision.Refusal?.Code);
    }

    [Fact]
    public void A_head_start_is_given_for_miners_alone_that_could_do_the_job()
    {
        TakeUpRules2();
        var miner = Miner(1, Large);
        var first = bench.Job();
        bench.Prove(first, miner, bench.Claim(first, miner));
        Assert.NotNull(Accepted(new JobNeeds { Device = "cuda" }).ReservedUntil);
        Assert.Null(Accepted(new JobNeeds { Device = "cpu" }).ReservedUntil);
    }

    [Fact]
    public void A_proof_that_names_another_class_than_the_job_asks_for_is_refused()
    {
        var miner = Miner(1, Large);
        var job = Job(new JobNeeds { Device = "cuda", Precision = "fp16" });
        var proof = bench.Messages.Proof(job, miner, bench.Claim(job, miner), Messages.AnyCid("an output"));
        Bench.Refused(ErrorCodes.WrongClass, bench.Send(proof));
        Bench.Refused(ErrorCodes.WrongClass, bench.Send(proof with { Metrics = proof.Metrics with { Device = "cuda:0" } }));
        Bench.Accepted(bench.Send(proof with { Metrics = proof.Metrics with { Device = "cuda:0", Precision = "fp16" } }));
    }

    [Fact]
    public void A_claim_that_was_given_stays_when_the_miner_says_something_else_meanwhile()
    {
        var miner = Miner(1, Large);
        var job = Job(new JobNeeds { MemoryBytes = GiB });
        var fence = bench.Claim(job, miner);
        Miner(1, new ModelOffer(Messages.Model) { MinPrice = Usdc.Parse("1000") });
        Bench.Accepted(bench.Prove(job, miner, fence));
    }

    [Fact]
    public void What_miners_say_counts_among_what_they_may_fill()
    {
        var small = new Bench(Bench.DefaultSettings with { OfferLength = 100, MaxMiners = 1 });
        var registration = small.Messages.Registration(Messages.Miner(1)) with { Offers = [new ModelOffer(Messages.Model) { Device = new string('d', 60) }] };
        Bench.Refused(ErrorCodes.TooManyMiners, small.Send(registration));
        Bench.Accepted(small.Send(registration with { Offers = [new ModelOffer(Messages.Model) { Device = "cpu" }] }));
        Assert.Equal(Messages.Model.Length + Messages.Model.Length + 3 + 32, small.State.Miners.TextLength);
    }

    [Fact]
    public void Without_needs_and_offers_nothing_is_written_of_them()
    {
        var plain = new Bench();
        var miner = plain.Miner(1);
        var job = plain.Job();
        Bench.Accepted(plain.Prove(job, miner, plain.Claim(job, miner)));
        var written = string.Concat(plain.Records.Select(static record => System.Text.Encoding.UTF8.GetString(new RecordWriter().Write(record, new byte[32]).Body.Span)))
            + System.Text.Encoding.UTF8.GetString(StateCodec.Encode(plain.State));
        Assert.All(new[] { "\"needs\"", "\"offers\"", "\"match\"" }, word => Assert.DoesNotContain(word, written, StringComparison.Ordinal));
        Assert.Equal(StateCodec.Format, StateCodec.FormatOf(plain.State));
    }

    [Fact]
    public void What_was_asked_and_offered_comes_back_from_the_journal_and_from_a_copy_of_the_state()
    {
        Miner(1, Large with { Warm = true, JobMilliseconds = 12, MillitokensPerSecond = 34, MinPrice = Usdc.Parse("0.5") });
        var job = Job(new JobNeeds { MemoryBytes = 2, ContextTokens = 3, OutputTokens = 4, Device = "cuda", Precision = "fp16", Runtime = "onnxruntime" }, "0.1");
        var read = new PoolState();
        var previous = new byte[32];
        foreach (var record in bench.Records)
        {
            var written = new RecordWriter().Write(record, previous);
            read.Apply(record.Sequence, record.At, RecordCodec.Decode(written, withInput: false).Events);
            Assert.Equal(written.Body.ToArray(), new RecordWriter().Write(RecordCodec.Decode(written, withInput: true), previous).Body.ToArray());
            previous = written.Hash.ToArray();
        }

        Assert.Equal(StateHash.Of(bench.State), StateHash.Of(read));
        Assert.Equal(StateCodec.FormatOfLater, StateCodec.FormatOf(read));
        var copy = StateCodec.Decode(StateCodec.Encode(read));
        Assert.Equal(StateHash.Of(read), StateHash.Of(copy));
        Assert.Equal(bench.State.Jobs[job].Needs, copy.Jobs[job].Needs);
        Assert.Equal(bench.State.Miners[Messages.Miner(1)].Offers, copy.Miners[Messages.Miner(1)].Offers);
        Assert.Equal(Supply(bench.State, JobWants.Of(bench.State.Jobs[job])), Supply(copy, JobWants.Of(bench.State.Jobs[job])));
    }

    /// <summary>Whatever comes and goes: the groups say what a look at each miner says.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_groups_count_what_a_look_at_each_miner_counts(int seed)
    {
        var random = new Random(seed);
        var many = new Bench(Bench.DefaultSettings with { MaxMiners = 12, IdleMinerMs = 1, ClaimsPerMiner = 100 });
        var models = new[] { "a", "b", "c" };
        for (var i = 0; i < 400; i++)
        {
            many.At += 1_000;
            var name = Messages.Miner(random.Next(20));
            string[] offered = [.. models.Where(_ => random.Next(3) > 0).Append("always")];
            var said = offered.Where(_ => random.Next(3) > 0).Select(model => Any(random, model)).ToList();
            many.Send(many.Messages.Registration(name, models: offered) with { Offers = said.Count > 0 ? said : null });
            if (random.Next(4) == 0)
            {
                var job = many.Send(many.Messages.Job(model: "always"));
                if (many.State.Miners.TryGet(name, out _) && job.Kind == DecisionKind.Accepted && many.Send(many.Messages.Claim(many.Events.OfType<JobAccepted>().Last().Cid, name)).Kind == DecisionKind.Accepted)
                {
                    Bench.Accepted(many.Send(many.Messages.Proof(many.Events.OfType<JobAccepted>().Last().Cid, name, many.State.Fence, Messages.AnyCid("o"), model: "always")));
                }
            }

            foreach (var wants in new[] { Wants(random, "a"), Wants(random, "always"), Wants(random, "nobody's") })
            {
                Assert.Equal(Naive(many.State, wants), Supply(many.State, wants));
            }
        }

        Assert.Contains(many.State.Miners.InOrder, static miner => miner.JobsCompleted > 0);
        var copy = StateCodec.Decode(StateCodec.Encode(many.State));
        var last = new JobWants("always", new JobNeeds { MemoryBytes = 2 }, Usdc.FromMicro(2));
        Assert.Equal(Supply(many.State, last), Supply(copy, last));
    }

    private static string Supply(PoolState state, JobWants wants)
    {
        var supply = MatchingRules.Of(state, wants);
        return $"{supply.Have} {supply.Memory} {supply.Context} {supply.Class} {supply.AskMore} {supply.Fit} {supply.Measured} {supply.Timed} {supply.Throughput} {supply.LeastMs}";
    }

    private static string Naive(PoolState state, JobWants wants)
    {
        var having = state.Miners.InOrder.Where(miner => miner.Models.Contains(wants.Model)).Select(miner => (miner, offer: miner.OfferOf(wants.Model))).ToList();
        var needs = wants.Needs;
        bool Memory(ModelOffer? offer) => needs?.MemoryBytes is not { } asked || offer?.MemoryBytes >= asked;
        bool Context(ModelOffer? offer) => needs?.ContextTokens is not { } asked || offer?.ContextTokens >= asked;
        bool Class(ModelOffer? offer) => needs?.Device is not { } asked || offer?.Device == asked;
        bool Pays(ModelOffer? offer) => wants.Price.Micro >= (offer?.MinPrice?.Micro ?? 0);
        var fit = having.Where(one => Memory(one.offer) && Context(one.offer) && Class(one.offer) && Pays(one.offer)).ToList();
        Assert.Equal(fit.Count, state.Miners.InOrder.Count(wants.FitsTo));
        var believed = fit.Where(static one => one.miner.JobsCompleted > 0 && one.offer is not null).Select(static one => one.offer!).ToList();
        var least = believed.Select(offer => offer.MillitokensPerSecond is { } rate ? (needs?.OutputTokens ?? 1) * 1_000_000L / rate : offer.JobMilliseconds).Min();
        var timed = believed.Where(static offer => offer.JobMilliseconds is not null).ToList();
        return $"{having.Count} {having.Count(one => Memory(one.offer))} {having.Count(one => Context(one.offer))} {having.Count(one => Class(one.offer))} {having.Count(one => !Pays(one.offer))} {fit.Count} "
            + $"{believed.Count(static offer => (offer.MillitokensPerSecond ?? offer.JobMilliseconds) is not null)} {timed.Count} {timed.Sum(static offer => OfferGroup.RateUnit / offer.JobMilliseconds!.Value)} {least}";
    }

    private static ModelOffer Any(Random random, string model) => new(model)
    {
        MemoryBytes = random.Next(3) is > 0 and var bytes ? bytes : null,
        ContextTokens = random.Next(3) is > 0 and var tokens ? tokens : null,
        Device = random.Next(3) switch { 0 => null, 1 => "cpu", _ => "cuda" },
        JobMilliseconds = random.Next(4) is > 0 and var ms ? ms * 7 : null,
        MillitokensPerSecond = random.Next(4) is > 2 and var rate ? rate * 1000 : null,
        MinPrice = random.Next(3) is > 0 and var price ? Usdc.FromMicro(price) : null,
    };

    private static JobWants Wants(Random random, string model) => new(
        model,
        random.Next(3) == 0 ? null : new JobNeeds
        {
            MemoryBytes = random.Next(3) is > 0 and var bytes ? bytes : null,
            ContextTokens = random.Next(3) is > 0 and var tokens ? tokens : null,
            OutputTokens = random.Next(3) is > 0 and var answer ? answer : null,
            Device = random.Next(3) == 0 ? "cuda" : null,
        },
        Usdc.FromMicro(random.Next(3)));

    private static JobNeeds? Needs(string asked)
    {
        var (what, value) = asked.Split(' ', 2) is [var name, var rest] ? (name, rest) : (asked, "");
        return what switch
        {
            "memory" => new JobNeeds { MemoryBytes = int.Parse(value, null) * GiB },
            "context" => new JobNeeds { ContextTokens = int.Parse(value, null) },
            "device" => new JobNeeds { Device = value },
            "precision" => new JobNeeds { Precision = value },
            "runtime" => new JobNeeds { Runtime = value },
            _ => null,
        };
    }

    private void TakeUpRules2()
    {
        Bench.Accepted(bench.Send(new EpochEndInput()));
        Assert.Equal(2, bench.State.Rules);
    }

    private JobAccepted Accepted(JobNeeds? needs, string amount = "1")
    {
        Job(needs, amount);
        return bench.Events.OfType<JobAccepted>().Last();
    }

    private long Deadline() => (bench.At / 1000) + 3600;

    private Cid Job(JobNeeds? needs, string amount = "1", EnsName? client = null, long? deadline = null)
    {
        var job = Bench.Signed(bench.Messages.Job(amount, deadline ?? (bench.At / 1000) + (6 * 24 * 3600), client: client) with { Needs = needs });
        Bench.Accepted(bench.Send(job));
        return job.Cid;
    }

    private EnsName Miner(int number, ModelOffer? offer)
    {
        bench.At += 1_000;
        Bench.Accepted(bench.Send(bench.Messages.Registration(Messages.Miner(number)) with { Offers = offer is null ? null : [offer] }));
        return Messages.Miner(number);
    }

    /// <summary>One that has a proof that was accepted.</summary>
    private EnsName Worked(int number, ModelOffer offer)
    {
        var miner = Miner(number, null);
        var job = Job(null);
        bench.At += bench.Settings.HeadStartMs!.Value;
        Bench.Accepted(bench.Prove(job, miner, bench.Claim(job, miner)));
        return Miner(number, offer);
    }
}
