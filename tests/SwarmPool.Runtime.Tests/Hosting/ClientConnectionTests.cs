using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Hosting;

/// <summary>A client in a host of others: it connects in the background, says how that goes, and is judged by the host's health checks.</summary>
public sealed class ClientConnectionTests
{
    private readonly Cast cast = new();
    private readonly MemoryNet net = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task A_host_starts_while_its_pool_is_away_and_what_is_submitted_waits_for_it()
    {
        await using var pool = new ScriptedPool(net, cast);
        await using var away = new AwayTransport(net, time) { IsAway = true };
        using var host = Build(away);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = host.Services.GetRequiredService<PoolClient>();

        Assert.Equal((PoolConnectionState.Connecting, ErrorCodes.TransportUnavailable), (client.Connection.State, client.Connection.LastRefusal?.Code));
        var submitting = client.SubmitAsync(ClientStage.Spec, TestContext.Current.CancellationToken);
        Assert.False(submitting.IsCompleted);

        away.IsAway = false;
        await AdvanceUntilAsync(() => submitting.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.Equal((await submitting).JobCid, (await pool.ExpectAsync<JobSnapshot>()).Cid);
        Assert.Equal(new PoolConnection(PoolConnectionState.Connected, client.Connection.Since, null), client.Connection);
        await client.WaitForConnectionAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(PoolConnectionState.Disconnected, client.Connection.State);
        Assert.Equal(ErrorCodes.NotConnected, (await Assert.ThrowsAsync<SwarmPoolException>(() => client.SubmitAsync(ClientStage.Spec))).Code);
        Assert.Equal(ErrorCodes.NotConnected, (await Assert.ThrowsAsync<SwarmPoolException>(() => client.WaitForConnectionAsync(TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task What_is_submitted_to_a_pool_that_stays_away_fails_by_its_code_after_its_own_time()
    {
        await using var away = new AwayTransport(net, time) { IsAway = true };
        using var host = Build(away, ("connect_seconds", "7"));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = host.Services.GetRequiredService<PoolClient>();
        var began = time.GetUtcNow();

        var submitting = client.SubmitAsync(ClientStage.Spec, TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(() => submitting.IsCompleted, TimeSpan.FromSeconds(1));

        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => submitting);
        Assert.Equal(ErrorCodes.NotConnected, refused.Code);
        Assert.Contains("within 7 s. The last attempt failed: SP5001", refused.Message, StringComparison.Ordinal);
        Assert.True(time.GetUtcNow() - began >= TimeSpan.FromSeconds(7));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_tries_with_growing_pauses()
    {
        await using var away = new AwayTransport(net, time) { IsAway = true };
        using var host = Build(away);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(() => away.Starts.Count > 7, TimeSpan.FromMilliseconds(500));

        var starts = away.Starts.ToList();
        var pauses = starts.Skip(1).Zip(starts, static (later, earlier) => (later - earlier).TotalSeconds).ToList();
        int[] least = [1, 2, 4, 8, 16, 30, 30];
        Assert.All(least.Zip(pauses), static pause => Assert.True(pause.Second >= pause.First, $"{pause}"));
        Assert.True(pauses[0] < 30, $"{pauses[0]}");
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_connection_that_ends_is_told_and_made_again()
    {
        await using var pool = new ScriptedPool(net, cast);
        await using var away = new AwayTransport(net, time);
        using var host = Build(away);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = host.Services.GetRequiredService<PoolClient>();
        await using var states = client.WatchConnectionAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.Equal(PoolConnectionState.Connected, await NextAsync(states));

        await away.LeaveAsync();
        Assert.Equal(PoolConnectionState.Connecting, await NextAsync(states));
        Assert.Equal(ErrorCodes.TransportUnavailable, states.Current.LastRefusal?.Code);
        away.IsAway = false;
        await AdvanceUntilAsync(() => client.Connection.State == PoolConnectionState.Connected, TimeSpan.FromSeconds(1));

        var job = await client.SubmitAsync(ClientStage.Spec, TestContext.Current.CancellationToken);
        Assert.Equal(job.JobCid, (await pool.ExpectAsync<JobSnapshot>()).Cid);
        Assert.Single(away.Starts);
        await host.StopAsync(TestContext.Current.CancellationToken);
        var last = PoolConnectionState.Connecting;
        while (await states.MoveNextAsync())
        {
            last = states.Current.State;
        }

        Assert.Equal(PoolConnectionState.Disconnected, last);
    }

    [Fact]
    public async Task The_connection_and_its_health_follow_what_the_transport_goes_by()
    {
        await using var pool = new ScriptedPool(net, cast);
        var link = new TransportLink("the MQTT broker", "mqtt://127.0.0.1:18830", TimeSpan.FromSeconds(30));
        link.Up();
        await using var here = new AwayTransport(net, time) { Link = link };
        using var host = Build(here);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await pool.PointAtAsync(pool.State([]));
        var client = host.Services.GetRequiredService<PoolClient>();
        await using var states = client.WatchConnectionAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.Equal(PoolConnectionState.Connected, await NextAsync(states));

        link.Down("the connection was lost");
        Assert.Equal(PoolConnectionState.Connecting, await NextAsync(states));
        Assert.Equal(ErrorCodes.TransportUnavailable, states.Current.LastRefusal?.Code);
        var (status, said) = await HealthAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, status);
        Assert.Contains("the MQTT broker at mqtt://127.0.0.1:18830 is not reached (the connection was lost)", said, StringComparison.Ordinal);
        var submitting = client.SubmitAsync(ClientStage.Spec, TestContext.Current.CancellationToken);
        Assert.False(submitting.IsCompleted);

        link.Up();
        Assert.Equal(PoolConnectionState.Connected, await NextAsync(states));
        Assert.Null(states.Current.LastRefusal);
        Assert.Equal((await submitting).JobCid, (await pool.ExpectAsync<JobSnapshot>()).Cid);
        (status, said) = await HealthAsync(host);
        Assert.True(status == HealthStatus.Healthy, said);
        Assert.Single(here.Starts);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_pool_that_has_no_name_fails_the_hosts_start_before_the_transport_is_asked()
    {
        await using var away = new AwayTransport(net, time) { IsAway = true };
        using var host = Build(away, ("pool_ens", "nopool.eth"));

        var wrong = await Assert.ThrowsAsync<SwarmPoolException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCodes.OwnNameUnknown, wrong.Code);
        Assert.Contains("nopool.eth", wrong.Message, StringComparison.Ordinal);
        Assert.Empty(away.Starts);
    }

    [Fact]
    public async Task A_key_that_is_not_the_names_fails_the_hosts_start()
    {
        await using var here = new AwayTransport(net, time);
        using var host = Build(here, ("client_ens", Cast.Mallory.Text));

        Assert.Equal(ErrorCodes.KeyNotOfName, (await Assert.ThrowsAsync<SwarmPoolException>(() => host.StartAsync(TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task A_name_that_can_not_be_looked_up_now_is_tried_again()
    {
        await using var here = new AwayTransport(net, time);
        cast.Instead[Cast.Clinic] = IdentityAnswer.Unavailable(TimeSpan.FromSeconds(1), "no node answers");
        using var host = Build(here);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = host.Services.GetRequiredService<PoolClient>();
        Assert.Equal(ErrorCodes.NameUnavailable, client.Connection.LastRefusal?.Code);

        cast.Instead.Clear();
        await AdvanceUntilAsync(() => client.Connection.State == PoolConnectionState.Connected, TimeSpan.FromSeconds(1));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Its_health_is_the_connection_and_the_age_of_the_pools_last_signed_state()
    {
        await using var pool = new ScriptedPool(net, cast);
        await using var away = new AwayTransport(net, time) { IsAway = true };
        using var host = Build(away);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = host.Services.GetRequiredService<PoolClient>();

        var (status, said) = await HealthAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, status);
        Assert.Contains("SP5001: Away could not connect: nobody answers at memory://", said, StringComparison.Ordinal);

        away.IsAway = false;
        await AdvanceUntilAsync(() => client.Connection.State == PoolConnectionState.Connected, TimeSpan.FromSeconds(1));
        await pool.PointAtAsync(pool.State([]));
        (status, said) = await HealthAsync(host);
        Assert.True(status == HealthStatus.Healthy, said);

        time.Advance(TimeSpan.FromMinutes(4));
        (status, said) = await HealthAsync(host);
        Assert.Equal(HealthStatus.Degraded, status);
        Assert.Contains("its daemon may be down", said, StringComparison.Ordinal);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_pool_that_says_nothing_is_degraded_health()
    {
        await using var here = new AwayTransport(net, time);
        using var host = Build(here);
        await host.StartAsync(TestContext.Current.CancellationToken);

        var checking = HealthAsync(host);
        await AdvanceUntilAsync(() => checking.IsCompleted, TimeSpan.FromSeconds(1));
        var (status, said) = await checking;
        Assert.Equal(HealthStatus.Degraded, status);
        Assert.Contains("SP5002", said, StringComparison.Ordinal);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_client_can_be_replaced_whatever_it_was_configured_to()
    {
        await using var pool = new ScriptedPool(net, cast);
        await using var here = new AwayTransport(net, time);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwarmPoolClient("eu", Settings(("client_ens", "none.eth"), ("client_key_file", "none.key")), eu => eu.Fill<ITransport>("Real", _ => throw new InvalidOperationException("must not be made")));
        builder.Services.AddHealthChecks().AddSwarmPoolClient("eu");
        builder.Services.ReplaceSwarmPoolClient("eu", Settings(("client_ens", Cast.Clinic.Text), ("client_private_key", KeyOf(Cast.Clinic))), eu => On(eu, here));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        await host.Services.GetRequiredKeyedService<PoolClient>("eu").SubmitAsync(ClientStage.Spec, TestContext.Current.CancellationToken);
        await pool.ExpectAsync<JobSnapshot>();
        await pool.PointAtAsync(pool.State([]));
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal("swarmpool-eu", Assert.Single(report.Entries).Key);
        Assert.Equal(HealthStatus.Healthy, report.Status);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private IHost Build(AwayTransport transport, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(cast.SignerOf(Cast.Clinic));
        builder.Services.AddSwarmPoolClient(Settings([.. settings, ("client_ens", Cast.Clinic.Text)]), pool => On(pool, transport));
        builder.Services.AddHealthChecks().AddSwarmPoolClient();
        return builder.Build();
    }

    private void On(ISwarmPoolBuilder pool, ITransport transport) => pool.Fill("Away", _ => transport).Fill<IIdentityProvider>("Cast", _ => cast);

    private static async Task<(HealthStatus Status, string Said)> HealthAsync(IHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        return (report.Status, report.Entries["swarmpool"].Description ?? "");
    }

    private static async Task<PoolConnectionState> NextAsync(IAsyncEnumerator<PoolConnection> states)
    {
        Assert.True(await states.MoveNextAsync().AsTask().WaitAsync(Patience.Long, TestContext.Current.CancellationToken));
        return states.Current.State;
    }

    private async Task AdvanceUntilAsync(Func<bool> holds, TimeSpan step)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (!holds())
        {
            time.Advance(step);
            await Task.Delay(10, limit.Token);
        }
    }

    private static string KeyOf(EnsName name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.Text)));

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)).DistinctBy(s => s.Key)).Build();
}
