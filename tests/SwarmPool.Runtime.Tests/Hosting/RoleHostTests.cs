using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Hosting;

/// <summary>The miner and the client, composed into hosts as programs do it.</summary>
public sealed class RoleHostTests
{
    private readonly MemoryNet net = new();
    private readonly Cast cast = new();

    [Fact]
    public async Task AMinerFromConfigurationRegistersAndStops()
    {
        await using var pool = new ScriptedPool(net, cast);
        var builder = Builder(("miner_ens", Cast.Alice.Text), ("models", "a, b"), ("gpus", "RTX 5090"), ("mode", "PPS"));
        builder.Services.AddSingleton(cast.SignerOf(Cast.Alice));
        builder.Fill<IInferenceBackend>("Fake backend", _ => new FakeBackend("a", "b", "c"));
        builder.AddMiner(o => o.DrainSeconds = 1);
        using var host = builder.Build();
        await host.StartAsync();

        var registration = (RegistrationSnapshot)(await pool.ExpectAsync<RegistrationSnapshot>()).Body;
        Assert.Equal(["a", "b"], registration.Models);
        Assert.Equal(["RTX 5090"], registration.Gpus);
        Assert.Equal(MiningMode.PPS, registration.Mode);
        await host.StopAsync();
    }

    [Fact]
    public async Task AClientFromConfigurationSubmitsAndAReaderReads()
    {
        await using var pool = new ScriptedPool(net, cast);
        var builder = Builder(("client_ens", Cast.Clinic.Text));
        builder.Services.AddSingleton(cast.SignerOf(Cast.Clinic));
        builder.AddClient().AddPoolReader();
        using var host = builder.Build();
        await host.StartAsync();

        var handle = await host.Services.GetRequiredService<PoolClient>().SubmitAsync(ClientStage.Spec);
        Assert.Equal(handle.JobCid, (await pool.ExpectAsync<JobSnapshot>()).Cid);
        await pool.PointAtAsync(pool.State([]));
        Assert.Equal(0, (await host.Services.GetRequiredService<PoolReader>().ReadAsync(Patience.Short)).State.PendingCount);

        await host.StopAsync();
        var stopped = await Assert.ThrowsAsync<JobFailedException>(() => handle.Completion);
        Assert.Equal(JobFailedException.Stopped, stopped.Reason);
    }

    [Fact]
    public void AllThatIsWrongWithTheOptionsIsSaidAtOnce()
    {
        var builder = Builder(("miner_ens", "alice"), ("pool_ens", "Swarm Pool"), ("parallel_jobs", "65"), ("client_ens", "clinic"), ("repeat_seconds", "0"));
        builder.Services.AddSingleton(cast.SignerOf(Cast.Alice));
        builder.Fill<IInferenceBackend>("Fake backend", _ => new FakeBackend());
        builder.AddMiner().AddClient();

        var problems = StartupErrors.Describe(Assert.Throws<SwarmPoolException>(builder.Build));
        Assert.Contains(problems, p => p.Contains("miner_ens", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("pool_ens", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("parallel_jobs must be between 1 and 64", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("client_ens", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("repeat_seconds must be between 1 and 300", StringComparison.Ordinal));
    }

    [Fact]
    public void ValuesOfTheWrongKindAreSaidWithTheRestByTheirKeys()
    {
        var builder = Builder(("client_ens", "clinic"), ("repeat_seconds", "soon"), ("max_jobs_under_way", "1 M"), ("epoch_duration_seconds", "0"));
        builder.Fill<IPoolJournal>("No journal", _ => throw new InvalidOperationException("It is not asked for."));
        builder.Fill<ISettlementPolicy>("No policy", _ => throw new InvalidOperationException("It is not asked for."));
        builder.AddClient().AddDaemon();

        var problems = StartupErrors.Describe(Assert.Throws<SwarmPoolException>(builder.Build));
        Assert.Contains(problems, p => p.StartsWith("SP1001: repeat_seconds: ", StringComparison.Ordinal) && p.Contains("soon", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("SP1001: max_jobs_under_way: ", StringComparison.Ordinal) && p.Contains("1 M", StringComparison.Ordinal));
        Assert.Contains("SP1001: epoch_duration_seconds must be between 1 and 604800, not 0", problems);
    }

    [Fact]
    public async Task AHostWithAKeyThatIsNotTheNamesDoesNotStart()
    {
        var builder = Builder(("client_ens", Cast.Clinic.Text));
        builder.Services.AddSingleton(cast.SignerOf(Cast.Mallory));
        builder.AddClient();
        using var host = builder.Build();
        var wrong = await Assert.ThrowsAsync<SwarmPoolException>(() => host.StartAsync());
        Assert.Equal(ErrorCodes.KeyNotOfName, wrong.Code);
    }

    /// <summary>Whatever can be told here is told before the network is waited for, all of it at once.</summary>
    [Fact]
    public async Task WhatIsWrongHereIsToldBeforeTheTransportIsWaitedFor()
    {
        await using var away = new AwayTransport(net, TimeProvider.System) { IsAway = true };
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().AddInMemoryCollection([new("miner_ens", Cast.Alice.Text), new("client_ens", "nobody.eth"), new("pool_ens", "nopool.eth"), new("models", "other")]).Build());
        builder.Fill<ITransport>("Away", _ => away);
        builder.Fill<IIdentityProvider>("Cast", _ => cast);
        builder.Fill<IInferenceBackend>("Fake backend", _ => new FakeBackend());
        builder.Services.AddSingleton(cast.SignerOf(Cast.Alice));
        builder.AddMiner().AddClient().AddPoolReader();
        using var host = builder.Build();
        var told = StartupErrors.Describe(await Assert.ThrowsAsync<SwarmPoolException>(() => host.StartAsync()));
        Assert.Contains(told, line => line.StartsWith("SP5101: models: the backend does not have other", StringComparison.Ordinal));
        Assert.Contains(told, line => line.StartsWith("SP1209: The pool's name nopool.eth", StringComparison.Ordinal));
        Assert.Contains(told, line => line.StartsWith("SP1209: The name nobody.eth", StringComparison.Ordinal));
        Assert.DoesNotContain(told, line => line.Contains(ErrorCodes.TransportUnavailable, StringComparison.Ordinal));
        Assert.Empty(away.Starts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ALostBrokerIsToldAndSoIsItsReturn(bool comesBack)
    {
        await using var pool = new ScriptedPool(net, cast);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        var told = new Roles.WaitsTests.RecordingWaits();
        var link = new TransportLink("the MQTT broker", "mqtt://127.0.0.1:18830", TimeSpan.FromSeconds(30));
        await using var transport = new AwayTransport(net, time) { Link = link };
        link.Up();
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().AddInMemoryCollection([new("client_ens", Cast.Clinic.Text)]).Build());
        builder.Fill<ITransport>("Linked", _ => transport);
        builder.Fill<IIdentityProvider>("Cast", _ => cast);
        builder.Services.AddSingleton(cast.SignerOf(Cast.Clinic)).AddSingleton<TimeProvider>(time).AddSingleton<SwarmPool.Runtime.Roles.IWaitObserver>(told);
        builder.AddClient();
        using var host = builder.Build();
        await host.StartAsync();

        link.Down("the connection was lost");
        await UntilAsync(() => told.Lines.Count > 0);
        Assert.Equal("waiting the MQTT broker mqtt://127.0.0.1:18830  the connection was lost", told.Lines[0]);
        if (comesBack)
        {
            link.Up();
            await UntilAsync(() => told.Lines.Count > 1);
            Assert.StartsWith("ended the MQTT broker ", told.Lines[1], StringComparison.Ordinal);
        }

        await host.StopAsync();
        Assert.Equal(comesBack ? 2 : 1, told.Lines.Count);

        async Task UntilAsync(Func<bool> holds)
        {
            using var limit = new CancellationTokenSource(Patience.Long);
            while (!holds())
            {
                time.Advance(TimeSpan.FromMilliseconds(500));
                await Task.Delay(10, limit.Token);
            }
        }
    }

    private SwarmPoolBuilder Builder(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)))
            .Build();
        var builder = SwarmPoolBuilder.Create(configuration);
        builder.Fill<ITransport>("Memory transport", _ => net.Join());
        builder.Fill<IIdentityProvider>("Cast", _ => cast);
        return builder;
    }
}
