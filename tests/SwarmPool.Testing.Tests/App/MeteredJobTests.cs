using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Inference;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Testing.App;

namespace SwarmPool.Testing.Tests.App;

/// <summary>Jobs that pay by what is counted, over a real daemon, miner and client: who tells the truth is paid by it, and who does not is not paid.</summary>
public sealed class MeteredJobTests
{
    private static readonly JobSpec Sum = new()
    {
        JobType = "text-generation",
        Model = "letters",
        Input = """{"prompt":"2+2=","max_tokens":8}"""u8.ToArray(),
        Amount = Usdc.Parse("0.01"),
        Rates = new JobRates { Base = 1000, InputTokens = 50_000, OutputTokens = 200_000 },
        Deadline = TimeSpan.FromMinutes(1),
    };

    [Fact]
    public async Task What_was_counted_is_charged_told_and_paid_to_the_micro_unit()
    {
        var (result, epoch) = await RunAsync(Sum, static evidence => evidence);

        // By hand: 1,000 + 4 × 50 + 3 × 200 = 1,800 micro-USDC, of which three quarters are the miner's.
        Assert.Equal((Usdc.FromMicro(1800), new JobUsage { InputTokens = 4, OutputTokens = 3 }), (result!.Charge, result.Usage));
        Assert.Equal(1800, epoch.Epoch.TotalVolumeUsdc.Micro);
        Assert.Equal(1350, Assert.Single(epoch.Payouts).Amount.Micro);
        Assert.Equal(450, epoch.Epoch.Settlements.HiveOps.Micro);
    }

    [Theory]
    [InlineData("tokens that the answer lacks", "expired")]
    [InlineData("no evidence", "expired")]
    [InlineData("bytes that are no evidence", "max_attempts")] // Its own miner gives the job back.
    public async Task A_lying_count_is_not_paid(string lie, string end)
    {
        var (result, epoch) = await RunAsync(Sum with { Deadline = TimeSpan.FromSeconds(4) }, evidence => lie switch
        {
            "no evidence" => default,
            "bytes that are no evidence" => "SPE1 and more"u8.ToArray(),
            _ => More(evidence),
        }, end);
        Assert.Null(result);
        Assert.Equal(0, epoch.Epoch.TotalVolumeUsdc.Micro);
        Assert.Empty(epoch.Payouts);
    }

    [Fact]
    public async Task What_can_not_be_counted_is_refused_before_anybody_works()
    {
        await using var pool = await TestPool.StartAsync(static o => o.AddModel("digits", static _ => "7"u8.ToArray()), TestContext.Current.CancellationToken);
        using var app = App(pool);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var job = await app.Services.GetRequiredService<PoolClient>().SubmitAsync(Sum with { JobType = "text", Model = "digits" }, TestContext.Current.CancellationToken);
        Assert.Equal("SP3471", (await Assert.ThrowsAsync<JobRejectedException>(() => job.Completion)).Code);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_pool_without_prices_says_so_to_who_asks_for_them()
    {
        await using var pool = await TestPool.StartAsync(null, TestContext.Current.CancellationToken);
        using var app = App(pool);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<Protocol.Errors.SwarmPoolException>(
            () => app.Services.GetRequiredService<PoolClient>().SubmitAsync(Sum with { Rates = null, AtPoolPrices = true }, TestContext.Current.CancellationToken));
        Assert.Equal("SP3472", refused.Code);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(JobResult? Result, TestEpoch Epoch)> RunAsync(JobSpec spec, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> tell, string? end = null)
    {
        await using var pool = await TestPool.StartAsync(o => o.Backend = builder => builder.Fill<IInferenceBackend>("Letters", _ => new Letters(tell)), TestContext.Current.CancellationToken);
        using var app = App(pool);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var job = await app.Services.GetRequiredService<PoolClient>().SubmitAsync(spec, TestContext.Current.CancellationToken);
        JobResult? result = null;
        try
        {
            result = await job.Completion;
        }
        catch (JobFailedException failed)
        {
            Assert.Equal(end, failed.Reason);
        }

        var epoch = await pool.EndEpochAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
        return (result, epoch);
    }

    private static ReadOnlyMemory<byte> More(ReadOnlyMemory<byte> bytes)
    {
        Assert.True(TokenEvidenceCodec.TryDecode(bytes.Span, out var evidence, out _));
        return TokenEvidenceCodec.Encode(evidence with { Positions = [.. evidence.Positions, evidence.Positions[^1]] });
    }

    private static IHost App(TestPool pool)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwarmPoolClient(new ConfigurationBuilder().AddInMemoryCollection([new("client_ens", "real.eth"), new("client_key_file", "none.key")]).Build());
        pool.ConfigureClient(builder.Services);
        return builder.Build();
    }

    /// <summary>A backend that writes its text itself, and tells of it what the test wants.</summary>
    private sealed class Letters(Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> tell) : IInferenceBackend
    {
        private static readonly NumericClass Class = new(new string('c', 64), "test/1", "cpu", "fp32");

        public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) =>
            new(new BackendDescription([new ModelDescription("letters", Class.ModelSha256, ["text-generation"])], [new DeviceDescription("cpu", "a test", 0)]));

        public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => default;

        public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
        {
            Assert.True(request.WantsEvidence);
            var evidence = new TokenEvidenceBuilder("2+2="u8.ToArray().Select(static value => (int)value).ToArray(), 300);
            var logits = new float[300];
            foreach (var token in (int[])[52, 46, 299])
            {
                evidence.Add(logits, token);
            }

            return new(new InferenceResult("""{"finish":"stop","ids":[52,46,299],"text":"4.","usage":{"input_tokens":4,"output_tokens":3}}"""u8.ToArray(), Class, null)
            {
                Evidence = tell(TokenEvidenceCodec.Encode(evidence.Build(TokenFinish.Stop))),
            });
        }

        public ValueTask DisposeAsync() => default;
    }
}
