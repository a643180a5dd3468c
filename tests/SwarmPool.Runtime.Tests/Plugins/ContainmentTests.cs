using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>What a plugin does wrong while it runs is named, counted, and kept from the rest.</summary>
public sealed class ContainmentTests
{
    private static readonly JournalLease Lease = new(1, "the test");
    private static readonly ProofEvidence NoEvidence = new(default, null!, default, null!, default);

    private readonly FakeTimeProvider time = new();

    /// <summary>One call of each slot, as the runtime makes it, and the exception by which its contract says "it failed".</summary>
    public static TheoryData<string, Func<IServiceProvider, Task>, Type> Calls => new()
    {
        { "transport", s => s.GetRequiredService<ITransport>().StartAsync(default).AsTask(), typeof(TransportException) },
        { "transport", s => s.GetRequiredService<ITransport>().Content.PutAsync(default, default).AsTask(), typeof(TransportException) },
        { "transport", s => s.GetRequiredService<ITransport>().Content.GetAsync(default, 1, default).AsTask(), typeof(TransportException) },
        { "transport", s => s.GetRequiredService<ITransport>().PubSub.PublishAsync("t", default, default).AsTask(), typeof(TransportException) },
        { "transport", s => s.GetRequiredService<ITransport>().PubSub.SubscribeAsync("t", default).AsTask(), typeof(TransportException) },
        { "state store", s => s.GetRequiredService<IPoolJournal>().AppendAsync(Lease, [], default).AsTask(), typeof(JournalException) },
        { "state store", s => s.GetRequiredService<IPoolJournal>().HeadAsync(default).AsTask(), typeof(JournalException) },
        { "state store", async s => await s.GetRequiredService<IPoolJournal>().ReadAsync(1, default).GetAsyncEnumerator().MoveNextAsync(), typeof(JournalException) },
        { "inference backend", s => s.GetRequiredService<IInferenceBackend>().DescribeAsync(default).AsTask(), typeof(InferenceException) },
        { "inference backend", s => s.GetRequiredService<IInferenceBackend>().RunAsync(new("m", "t", default), null, default).AsTask(), typeof(InferenceException) },
        { "inference backend", async s => await s.GetRequiredService<IInferenceBackend>().StreamAsync(new("m", "t", default), null, default).GetAsyncEnumerator().MoveNextAsync(), typeof(InferenceException) },
        { "inference backend", async s => await (await TokensAsync(s)).EncodeAsync(TokenPrompt.OfText("a"), default), typeof(InferenceException) },
        { "inference backend", async s => (await TokensAsync(s)).BytesOf(1), typeof(InferenceException) },
        { "inference backend", async s => await (await (await TokensAsync(s)).BeginAsync(default)).AppendAsync(default, default), typeof(InferenceException) },
        { "inference backend", async s => await (await TokensAsync(s)).ScoreAsync(default, default, default).GetAsyncEnumerator().MoveNextAsync(), typeof(InferenceException) },
        { "proof verification", s => s.GetRequiredService<IProofVerifier>().VerifyAsync(NoEvidence, default).AsTask(), typeof(SwarmPoolException) },
        { "settlement policy", s => Task.FromResult(s.GetRequiredService<ISettlementPolicy>().Settle(Ledgers.Of(("alice", 1)), "")), typeof(SwarmPoolException) },
    };

    [Theory]
    [MemberData(nameof(Calls), DisableDiscoveryEnumeration = true)]
    public async Task What_is_thrown_beyond_the_contract_is_said_by_the_contract_named_and_counted(string slot, Func<IServiceProvider, Task> call, Type expected)
    {
        foreach (var sooner in new[] { true, false })
        {
            using var host = Host(() => sooner ? throw new InvalidOperationException("the moon is wrong.") : LaterAsync());
            using var count = new FaultCount(host);

            var thrown = await Assert.ThrowsAsync(expected, async () => await call(host.Services));

            Assert.Contains($"Plugin Faulty {slot} ({slot})", thrown.Message, StringComparison.Ordinal);
            Assert.Contains("threw InvalidOperationException: the moon is wrong.", thrown.Message, StringComparison.Ordinal);
            Assert.Equal([$"Faulty {slot}, {slot}, threw"], count.Faults);
        }
    }

    [Fact]
    public async Task An_identity_provider_that_throws_can_not_tell_now()
    {
        using var host = Host(() => throw new InvalidOperationException("the moon is wrong."));
        using var count = new FaultCount(host);

        var answer = await host.Services.GetRequiredService<IIdentityProvider>().ResolveAsync(EnsName.Parse("miner.alice.eth"), default);

        Assert.Equal(IdentityStatus.Unavailable, answer.Status);
        Assert.Contains("the moon is wrong.", answer.Detail, StringComparison.Ordinal);
        Assert.Equal(["Faulty identity, identity, threw"], count.Faults);
    }

    [Fact]
    public async Task What_the_contract_names_passes_as_it_is_and_is_no_fault()
    {
        using var host = Host(() => throw new TransportException(TransportFault.NotFound, "not here"));
        using var count = new FaultCount(host);

        var thrown = await Assert.ThrowsAsync<TransportException>(async () => await host.Services.GetRequiredService<ITransport>().Content.GetAsync(default, 1, default));

        Assert.Equal(TransportFault.NotFound, thrown.Fault);
        Assert.Empty(count.Faults);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_no_fault()
    {
        using var stop = new CancellationTokenSource();
        using var host = Host(() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token));
        using var count = new FaultCount(host);

        var pending = host.Services.GetRequiredService<IPoolJournal>().HeadAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Empty(count.Faults);
    }

    [Fact]
    public async Task A_call_that_hangs_is_left_behind_and_counted()
    {
        var never = new TaskCompletionSource();
        using var host = Host(() => never.Task);
        using var count = new FaultCount(host);

        var append = host.Services.GetRequiredService<IPoolJournal>().AppendAsync(Lease, [], default).AsTask();
        time.Advance(PluginGate.Limit - TimeSpan.FromSeconds(1));
        Assert.False(append.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var thrown = await Assert.ThrowsAsync<JournalException>(() => append);
        Assert.Equal(JournalFault.Unavailable, thrown.Fault);
        Assert.Contains("AppendAsync did not answer within 60 s", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(["Faulty state store, state store, hangs"], count.Faults);
    }

    [Fact]
    public async Task A_service_of_a_plugin_that_can_not_start_fails_the_start_in_its_name()
    {
        using var host = Restless("start");
        using var count = new FaultCount(host);

        var thrown = await Assert.ThrowsAsync<SwarmPoolException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.PluginFault, thrown.Code);
        Assert.Contains("Plugin TestPlugins.Restless (hosted service): RestlessService.StartAsync threw InvalidOperationException: no rest at the start.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(["TestPlugins.Restless, hosted service, threw"], count.Faults);
    }

    [Theory]
    [InlineData("work")]
    [InlineData("stop")]
    public async Task A_service_of_a_plugin_that_fails_later_leaves_the_host_running(string phase)
    {
        using var host = Restless(phase);
        using var count = new FaultCount(host);
        await host.StartAsync(TestContext.Current.CancellationToken);
        if (phase == "work")
        {
            await count.First.WaitAsync(Support.Patience.Long, TestContext.Current.CancellationToken);
        }

        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["TestPlugins.Restless, hosted service, threw"], count.Faults);
    }

    private static async Task LaterAsync()
    {
        await Task.Yield();
        throw new InvalidOperationException("the moon is wrong.");
    }

    private static IHost Restless(string phase) =>
        PluginHost.Composed($$"""{ "plugins": { "use": { "TestPlugins.Restless": { "throws_at": "{{phase}}" } } } }""");

    private static async Task<ITokenModel> TokensAsync(IServiceProvider services) =>
        await services.GetRequiredService<IInferenceBackend>().OpenTokensAsync("m", default) ?? throw new InvalidOperationException("There is no token model.");

    private IHost Host(Func<Task> fault)
    {
        var builder = SwarmPoolBuilder.Create();
        builder.Services.AddSingleton<TimeProvider>(time);
        Fill<ITransport>("transport");
        Fill<IIdentityProvider>("identity");
        Fill<IPoolJournal>("state store");
        Fill<ISettlementPolicy>("settlement policy");
        Fill<IInferenceBackend>("inference backend");
        Fill<IProofVerifier>("proof verification");
        return builder.Build();

        void Fill<TSlot>(string slot)
            where TSlot : class => builder.Fill<TSlot>($"Faulty {slot}", _ => (TSlot)(object)new FaultySlots(fault));
    }
}
