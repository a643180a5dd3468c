using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Inference;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>What a miner says of its models, from its backend, its own runs and its configuration, and when it says it again.</summary>
public sealed class ModelOffersTests
{
    private static readonly NumericClass Class = new(new string('a', 64), "llama.cpp/1", "cuda:H100", "Q4_K_M");
    private static readonly DeviceDescription Device = new("cuda", "H100", 80L << 30);

    [Fact]
    public void It_says_what_the_backend_reports_and_what_it_takes()
    {
        var offers = Offers(Usdc.Parse("0.02"), new ModelDescription("m", Class.ModelSha256, ["t"]) { Class = Class, ContextLength = 4096, IsWarm = true });
        Assert.Equal(
            [new ModelOffer("m") { MemoryBytes = 80L << 30, ContextTokens = 4096, Device = "cuda:H100", Precision = "Q4_K_M", Runtime = "llama.cpp/1", Warm = true, MinPrice = Usdc.Parse("0.02") }],
            offers.Now()!);
    }

    [Fact]
    public void Of_a_model_whose_class_is_only_known_from_a_run_it_says_the_kind_of_the_device_at_first()
    {
        var offers = Offers(Usdc.Zero, new ModelDescription("m", Class.ModelSha256, ["t"]));
        Assert.Equal([new ModelOffer("m") { MemoryBytes = 80L << 30, Device = "cuda" }], offers.Now()!);
        offers.Ran("m", Result(0), TimeSpan.FromMilliseconds(1500));
        Assert.Equal([new ModelOffer("m") { MemoryBytes = 80L << 30, Device = "cuda:H100", Precision = "Q4_K_M", Runtime = "llama.cpp/1", JobMilliseconds = 1500 }], offers.Now()!);
    }

    [Fact]
    public void Nothing_to_say_is_no_offer()
    {
        var plain = new MinerOffer(["m"], [], [new ModelDescription("m", Class.ModelSha256, ["t"])], [], MinerPacks.Find(null, [], NullLogger.Instance));
        Assert.Null(new ModelOffers(plain, Usdc.Zero).Now());
    }

    [Fact]
    public void What_a_backend_calls_its_device_and_has_no_form_on_the_wire_is_not_said()
    {
        var odd = Class with { Device = "cuda:\u0007", Precision = "", Runtime = new string('r', 129) };
        var offers = Offers(Usdc.Zero, new ModelDescription("m", Class.ModelSha256, ["t"]) { Class = odd });
        Assert.Equal([new ModelOffer("m") { MemoryBytes = 80L << 30 }], offers.Now()!);
    }

    [Fact]
    public void The_medians_of_the_last_runs_are_said()
    {
        var times = new RunTimes();
        Assert.Equal((null, null), times.Of("m"));
        foreach (var ms in new[] { 10, 90, 20, 1_000, 30 })
        {
            times.Add("m", TimeSpan.FromMilliseconds(ms), 3);
        }

        Assert.Equal((30, 100_000), times.Of("m"));
        for (var i = 0; i < RunTimes.Last; i++)
        {
            times.Add("m", TimeSpan.FromMilliseconds(500), 0);
        }

        Assert.Equal((500, null), times.Of("m"));
        times.Add("never", TimeSpan.Zero, long.MaxValue);
        Assert.Equal((1, 1_000_000_000_000), times.Of("never"));
    }

    [Fact]
    public void It_is_news_when_a_speed_is_new_or_a_quarter_another_and_not_when_a_model_was_loaded()
    {
        var model = new ModelDescription("m", Class.ModelSha256, ["t"]) { Class = Class };
        var offers = Offers(Usdc.Zero, model);
        Assert.True(offers.HasNews());
        offers.Said(offers.Now());
        Assert.False(offers.HasNews());
        offers.Describe(new BackendDescription([model with { IsWarm = true }], [Device]));
        Assert.False(offers.HasNews());

        offers.Ran("m", Result(0), TimeSpan.FromMilliseconds(1000));
        Assert.True(offers.HasNews());
        offers.Said(offers.Now());
        offers.Ran("m", Result(0), TimeSpan.FromMilliseconds(1000));
        offers.Ran("m", Result(0), TimeSpan.FromMilliseconds(1250));
        offers.Ran("m", Result(0), TimeSpan.FromMilliseconds(1250));
        offers.Ran("m", Result(0), TimeSpan.FromMilliseconds(1250));
        Assert.False(offers.HasNews()); // 1,250 is a quarter more, not over it.
        for (var i = 0; i < 8; i++)
        {
            offers.Ran("m", Result(0), TimeSpan.FromMilliseconds(1251));
        }

        Assert.True(offers.HasNews());
        Assert.Equal(1000, offers.SaidOf("m")!.JobMilliseconds);
    }

    [Fact]
    public void Of_many_models_with_long_names_only_so_many_are_told_of_as_a_registration_has_room_for()
    {
        var models = Enumerable.Range(0, 256).Select(static i => new ModelDescription($"{new string('m', 124)}{i:D4}", Class.ModelSha256, ["t"])
        {
            Class = new NumericClass(Class.ModelSha256, new string('é', 128), new string('d', 128), new string('p', 128)),
        }).ToArray();
        var now = Offers(Usdc.Parse("1"), models).Now()!;
        Assert.InRange(now.Count, 10, 100);
        var registration = new RegistrationSnapshot
        {
            Miner = Cast.Alice,
            Pool = Cast.Pool,
            Network = "local",
            Timestamp = 1,
            Nonce = new string('0', 32),
            Mode = MiningMode.PPS,
            Models = [.. models.Select(static model => model.Name)],
            Gpus = [.. Enumerable.Repeat(new string('g', 128), 64)],
            Offers = now,
        };
        Assert.InRange(SnapshotCodec.Canonical(registration).Length, 1, SnapshotCodec.MaxBytes - 512);
    }

    [Fact]
    public async Task A_miner_registers_what_it_offers_and_leaves_jobs_that_pay_less_or_ask_for_more()
    {
        await using var stage = await new MinerStage(options => options.MinPrice = "0.1").StartAsync();
        var registration = (RegistrationSnapshot)(await stage.Pool.ExpectAsync<RegistrationSnapshot>()).Body;
        Assert.Equal([new ModelOffer("queenbee-spine") { Device = "cpu", MinPrice = Usdc.Parse("0.1") }], registration.Offers!);

        var (cheap, large, good) = (await stage.Pool.StoreJobAsync(), await stage.Pool.StoreJobAsync(), await stage.Pool.StoreJobAsync());
        await AnnounceAsync(stage, ScriptedPool.Waiting(cheap) with { Reward = Usdc.Parse("0.099999") });
        await AnnounceAsync(stage, ScriptedPool.Waiting(large) with { Needs = new JobNeeds { MemoryBytes = 1 } });
        await AnnounceAsync(stage, ScriptedPool.Waiting(good) with { Needs = new JobNeeds { Device = "cpu" } });
        await stage.Witness.ExpectAsync($"accepted {good.Cid}");
        Assert.Equal(0, stage.Pool.Count<ClaimSnapshot>(claim => claim.JobCid == cheap.Cid || claim.JobCid == large.Cid));
    }

    /// <summary>By the miner's clock, which the test turns until it has happened.</summary>
    [Fact]
    public async Task What_it_measured_is_registered_again_without_a_word_to_people_and_never_twice_in_two_minutes()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var began = time.GetUtcNow();
        await using var stage = new MinerStage(time: time);
        await TurnAsync(time, stage.StartAsync());
        var job = await stage.Pool.StoreJobAsync(deadline: TimeSpan.FromHours(1));
        await stage.Pool.AnnounceAsync(job);
        await TurnAsync(time, stage.Witness.ExpectAsync($"accepted {job.Cid}"));
        await TurnAsync(time, stage.Pool.ExpectAsync<RegistrationSnapshot>(IsMeasured));
        Assert.InRange(time.GetUtcNow() - began, OfferWatch.Least, OfferWatch.Least * 10);
        var again = (RegistrationSnapshot)(await stage.Pool.ExpectAsync<RegistrationSnapshot>(IsMeasured)).Body;
        Assert.Equal([new ModelOffer("queenbee-spine") { Device = "cpu", Precision = "fp32", Runtime = "test/1" }], again.Offers!.Select(static offer => offer with { JobMilliseconds = null }));
        Assert.Equal(1, stage.Witness.Count("registered"));

        static bool IsMeasured(RegistrationSnapshot said) => said.Offers?[0].JobMilliseconds is not null;
    }

    private static async Task TurnAsync(FakeTimeProvider time, Task until)
    {
        while (!until.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        await until;
    }

    private static Task AnnounceAsync(MinerStage stage, JobNewItem item) => stage.Pool.PublishAsync(stage.Pool.Fill(new JobsNew
    {
        Items = [item],
        FromSequence = 0,
        ToSequence = 0,
        Pool = default,
        Network = "",
        Timestamp = 0,
        Nonce = "",
    }));

    private static ModelOffers Offers(Usdc minPrice, params ModelDescription[] models) =>
        new(new MinerOffer([.. models.Select(static model => model.Name)], [], models, [Device], MinerPacks.Find(null, [], NullLogger.Instance)), minPrice);

    private static InferenceResult Result(long tokens) => new(Encoding.UTF8.GetBytes("{}"), Class, null) { Usage = new InferenceUsage { OutputTokens = tokens } };
}
