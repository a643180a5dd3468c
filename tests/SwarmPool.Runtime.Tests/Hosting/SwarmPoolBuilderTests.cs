using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Hosting;

public sealed class SwarmPoolBuilderTests
{
    [Fact]
    public void A_slot_is_filled_once_and_the_message_names_both()
    {
        var builder = SwarmPoolBuilder.Create();
        builder.Fill<ITransport>("First transport", _ => new RecordingTransport([]));

        var refused = Assert.Throws<SwarmPoolException>(() => builder.Fill<ITransport>("Second transport", _ => new RecordingTransport([])));

        Assert.Equal(ErrorCodes.SlotTaken, refused.Code);
        Assert.Contains("First transport", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Second transport", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_slots_can_be_filled_or_required()
    {
        var builder = SwarmPoolBuilder.Create();

        Assert.Contains("is no slot", Assert.Throws<ArgumentException>(() => builder.Fill<string>("x", _ => "x")).Message, StringComparison.Ordinal);
        Assert.Contains("is no slot", Assert.Throws<ArgumentException>(() => builder.Require<string>("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_reports_all_empty_slots_and_invalid_options_at_once()
    {
        var builder = SwarmPoolBuilder.Create();
        builder.Require<ITransport>("the daemon").Require<IPoolJournal>("the daemon").Require<ITransport>("the miner");
        builder.Services.AddOptions<FirstOptions>().Validate(_ => false, "first:key is wrong").ValidateOnStart();
        builder.Services.AddOptions<SecondOptions>().Validate(_ => false, "second:key is wrong").ValidateOnStart();

        var lines = StartupErrors.Describe(Assert.Throws<SwarmPoolException>(() => builder.Build()));

        Assert.Equal(4, lines.Count);
        Assert.StartsWith("SP1104: The transport slot is empty, and the daemon and the miner need it.", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("SP1104: The state store slot is empty", lines[1], StringComparison.Ordinal);
        Assert.Equal("SP1001: first:key is wrong", lines[2]);
        Assert.Equal("SP1001: second:key is wrong", lines[3]);
    }

    [Fact]
    public void A_service_that_reads_invalid_options_in_its_constructor_does_not_hide_the_other_problems()
    {
        var builder = SwarmPoolBuilder.Create();
        builder.Services.AddOptions<FirstOptions>().Validate(_ => false, "first").ValidateOnStart();
        builder.Services.AddOptions<SecondOptions>().Validate(_ => false, "second").ValidateOnStart();
        builder.Services.AddSingleton<IHostedService>(services =>
        {
            _ = services.GetRequiredService<IOptions<FirstOptions>>().Value;
            throw new InvalidOperationException("must not come this far");
        });

        Assert.Equal(["SP1001: first", "SP1001: second"], StartupErrors.Describe(Assert.Throws<SwarmPoolException>(() => builder.Build())));
    }

    [Fact]
    public async Task The_transport_starts_before_every_role_and_is_disposed_last()
    {
        List<string> story = [];
        var builder = SwarmPoolBuilder.Create();
        builder.Services.AddSingleton<IHostedService>(services =>
        {
            _ = services.GetRequiredService<ITransport>();
            return new RecordingRole(story);
        });
        builder.Fill<ITransport>("Recording transport", _ => new RecordingTransport(story));
        builder.Require<ITransport>("the role");

        using (var host = builder.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(["transport starts", "role starts", "role stops", "role disposed", "transport disposed"], story);
    }

    [Fact]
    public async Task A_transport_that_no_role_requires_is_neither_made_nor_started()
    {
        var builder = SwarmPoolBuilder.Create();
        builder.Fill<ITransport>("Unused transport", _ => throw new InvalidOperationException("must not be made"));

        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Unused transport", Assert.Single(host.Services.GetServices<SlotFilling>()).FilledBy);
    }

    [Fact]
    public async Task A_transport_that_can_not_connect_ends_the_start_with_its_code()
    {
        var builder = SwarmPoolBuilder.Create();
        builder.Fill<ITransport>("Broken transport", _ => new RecordingTransport([], fails: true));
        builder.Require<ITransport>("the daemon");
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.TransportUnavailable, refused.Code);
        Assert.StartsWith("Broken transport could not connect: nobody answers at the test's port.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Transport, ExitCodes.For(refused));
    }

    [Fact]
    public void What_a_factory_throws_names_who_fills_the_slot()
    {
        var builder = SwarmPoolBuilder.Create();
        builder.Fill<ISettlementPolicy>("Bad policy", _ => throw new DllNotFoundException("libx is missing."));
        builder.Fill<IIdentityProvider>("Null identity", _ => null!);
        using var host = builder.Build();

        var thrown = Assert.Throws<SwarmPoolException>(() => host.Services.GetRequiredService<ISettlementPolicy>());
        var nothing = Assert.Throws<SwarmPoolException>(() => host.Services.GetRequiredService<IIdentityProvider>());

        Assert.Equal(ErrorCodes.PluginConfigureFailed, thrown.Code);
        Assert.Contains("Bad policy", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("libx is missing.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.SlotEmpty, nothing.Code);
        Assert.Contains("Null identity", nothing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clock_and_schedulers_have_defaults_and_can_be_replaced()
    {
        using (var plain = SwarmPoolBuilder.Create().Build())
        {
            Assert.Same(TimeProvider.System, plain.Services.GetRequiredService<TimeProvider>());
            Assert.Same(TaskScheduler.Default, plain.Services.GetRequiredService<SwarmPoolSchedulers>().Roles);
        }

        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var exclusive = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var builder = SwarmPoolBuilder.Create();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(new SwarmPoolSchedulers(exclusive, TaskScheduler.Default));
        using var host = builder.Build();

        Assert.Same(clock, host.Services.GetRequiredService<TimeProvider>());
        Assert.Same(exclusive, host.Services.GetRequiredService<SwarmPoolSchedulers>().Roles);
    }

    private sealed class FirstOptions;

    private sealed class SecondOptions;
}
