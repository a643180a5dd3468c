using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using SwarmPool.Plugins.Embedded.Transport.Mqtt;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Tests.Transport;

/// <summary>Whatever clients of the built-in broker do or don't, its memory is bounded, the others are served, and the daemon is in its own place.</summary>
public sealed class BrokerBoundsTests : IAsyncLifetime
{
    private const string Jobs = "/p.eth/jobs";
    private const string News = "/p.eth/jobs/new";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IDisposable> opened = [];
    private MqttBroker? started;
    private int port;

    private MqttBroker Broker => started!;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        opened.ForEach(one => one.Dispose());
        if (started is not null)
        {
            await started.DisposeAsync();
        }
    }

    [Fact]
    public async Task Issue15_row7_subscribers_that_read_nothing_are_cut_off_within_the_bytes_and_the_others_hear_everything()
    {
        var limits = await StartAsync(new BrokerLimits { QueuedBytes = 16 * 1024 * 1024, QueuedOfOne = 4 * 1024 * 1024 });
        var deaf = new List<RawMqtt>();
        for (var i = 0; i < 32; i++)
        {
            deaf.Add(await OpenAsync($"deaf{i}"));
            await deaf[i].SubscribeAsync(News);
        }

        var (heard, all) = (0, new TaskCompletionSource());
        const int Messages = 400;
        var honest = await ClientAsync("honest");
        honest.ApplicationMessageReceivedAsync += _ =>
        {
            if (Interlocked.Increment(ref heard) == Messages)
            {
                all.SetResult();
            }

            return Task.CompletedTask;
        };
        await honest.SubscribeAsync(News, MqttQualityOfServiceLevel.AtLeastOnce, TestContext.Current.CancellationToken);

        var (payload, most) = (new byte[PubSubRules.MessageBytes], 0L);
        for (var i = 0; i < Messages; i++)
        {
            await Broker.PublishAsync(News, payload, TestContext.Current.CancellationToken);
            most = Math.Max(most, Broker.Connections.Queued);
            while (Volatile.Read(ref heard) < i - 4)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken); // The honest one is a reader like any; it need not be faster than the daemon.
            }
        }

        await all.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.InRange(most, 1, limits.QueuedBytes + limits.QueuedOfOne);
        foreach (var one in deaf)
        {
            Assert.True(await one.IsClosedAsync(Patience), "a client that read nothing is still connected");
        }

        await UntilAsync(() => Broker.Connections is { Count: 1, Queued: 0 });
    }

    [Fact]
    public async Task Issue15_row7_connections_that_do_nothing_keep_nobody_out_and_the_daemon_needs_none()
    {
        await StartAsync(new BrokerLimits { Connections = 64, OfAddress = 48, Idle = TimeSpan.FromMilliseconds(200) });
        await using var heard = await Broker.ListenAsync(Jobs, TestContext.Current.CancellationToken);
        var silent = new List<TcpClient>();
        for (var i = 0; i < 100; i++)
        {
            silent.Add(new TcpClient());
            opened.Add(silent[i]);
            await silent[i].ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        }

        await UntilAsync(() => Broker.Connections.Count == 48); // An address's share, and no more.
        for (var i = 0; i < 10; i++)
        {
            await (await OpenAsync($"listens and says nothing {i}", retry: true)).SubscribeAsync(News);
        }

        for (byte i = 0; i < 5; i++)
        {
            var honest = await ClientAsync($"honest{i}", retry: true);
            Assert.True((await honest.PublishAsync(Message(Jobs, i), TestContext.Current.CancellationToken)).IsSuccess);
            Assert.Equal(i, (await NextAsync(heard)).Payload.Span[0]);
        }

        Assert.InRange(Broker.Connections.Count, 6, 48);
        await Broker.PublishAsync(Jobs, new byte[] { 77 }, TestContext.Current.CancellationToken);
        Assert.Equal(77, (await NextAsync(heard)).Payload.Span[0]);
    }

    [Fact]
    public async Task Issue15_row7_a_live_id_is_taken_by_nobody_else_and_nobody_learns_one()
    {
        await StartAsync();
        var (honest, listener) = (await ClientAsync("mine"), await ClientAsync("listener"));
        var told = new TaskCompletionSource<MqttApplicationMessage>();
        listener.ApplicationMessageReceivedAsync += message =>
        {
            told.TrySetResult(message.ApplicationMessage);
            return Task.CompletedTask;
        };
        await listener.SubscribeAsync(Jobs, cancellationToken: TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<Exception>(() => ClientAsync("mine"));
        Assert.True(honest.IsConnected);
        Assert.True((await honest.PublishAsync(Message(Jobs, 1), TestContext.Current.CancellationToken)).IsSuccess);
        var message = await told.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Empty(message.UserProperties ?? []);

        // It is free once its owner has left.
        await honest.DisconnectAsync(cancellationToken: TestContext.Current.CancellationToken);
        await ClientAsync("mine", retry: true);
    }

    [Theory]
    [InlineData("/q.eth/jobs")]
    [InlineData("/p.eth/jobs/new")] // What the daemon says comes from the daemon alone.
    [InlineData("$SYS/x")]
    [InlineData("anything")]
    public async Task Issue15_row7_clients_publish_what_the_daemon_hears_and_nothing_else(string topic)
    {
        await StartAsync();
        await using var heard = await Broker.ListenAsync(Jobs, TestContext.Current.CancellationToken);
        var client = await ClientAsync("client");
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await client.PublishAsync(Message(topic, 1), TestContext.Current.CancellationToken)).ReasonCode);
        Assert.True((await client.PublishAsync(Message(Jobs, 2), TestContext.Current.CancellationToken)).IsSuccess);
        Assert.Equal(2, (await NextAsync(heard)).Payload.Span[0]);
    }

    [Theory]
    [InlineData("#")]
    [InlineData("/p.eth/#")]
    [InlineData("/+/jobs")]
    [InlineData("/q.eth/jobs")]
    [InlineData("$SYS/x")]
    [InlineData("$share/g/p.eth/jobs")]
    public async Task Issue15_row7_clients_subscribe_to_the_pools_topics_and_nothing_else(string topic)
    {
        await StartAsync();
        await using var heard = await Broker.ListenAsync(Jobs, TestContext.Current.CancellationToken);
        var client = await ClientAsync("client");
        var answer = await client.SubscribeAsync(topic, cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(answer.Items, item => Assert.True(item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2));
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS0, (await client.SubscribeAsync(News, cancellationToken: TestContext.Current.CancellationToken)).Items.Single().ResultCode);
    }

    [Fact]
    public async Task A_client_has_so_many_topics_and_not_one_more()
    {
        await StartAsync(new BrokerLimits { TopicsOfOne = 3 });
        var client = await ClientAsync("client");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS0, (await client.SubscribeAsync($"/p.eth/{i}", cancellationToken: TestContext.Current.CancellationToken)).Items.Single().ResultCode);
        }

        Assert.Equal(MqttClientSubscribeResultCode.QuotaExceeded, (await client.SubscribeAsync("/p.eth/3", cancellationToken: TestContext.Current.CancellationToken)).Items.Single().ResultCode);
        await client.UnsubscribeAsync("/p.eth/0", TestContext.Current.CancellationToken);
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS0, (await client.SubscribeAsync("/p.eth/3", cancellationToken: TestContext.Current.CancellationToken)).Items.Single().ResultCode);
    }

    [Fact]
    public async Task A_first_packet_that_keeps_memory_before_anybody_is_known_ends_the_connection()
    {
        await StartAsync();
        var raw = await RawMqtt.OpenAsync(port);
        opened.Add(raw);
        await raw.SendAsync(0x10, [0, 4, .. "MQTT"u8, 5, 2, 0, 0, 0, 0x40, 0, .. new byte[0x4000]]);
        Assert.True(await raw.IsClosedAsync(TimeSpan.FromSeconds(8)));
    }

    [Fact]
    public async Task A_topic_alias_which_the_broker_would_have_to_remember_ends_the_connection()
    {
        await StartAsync();
        var raw = await OpenAsync("alias");
        await raw.SendAsync(0x30, [0, 11, .. "/p.eth/jobs"u8, 3, 0x23, 0, 1, 42]);
        Assert.True(await raw.IsClosedAsync(TimeSpan.FromSeconds(8)));
    }

    [Fact]
    public async Task Who_asks_and_never_reads_the_answers_is_cut_off_and_who_has_most_waiting_goes_first()
    {
        var time = new FakeTimeProvider();
        var limits = new BrokerLimits { AnswersOfOne = 10, QueuedBytes = 1000, QueuedOfOne = 900 };
        var table = new BrokerConnections(limits, time, new RefusalLog(NullLogger.Instance, time));
        using var listening = new TcpListener(IPAddress.Loopback, 0);
        listening.Start();
        var (asks, deaf, slow) = (await EnterAsync(), await EnterAsync(), await EnterAsync());
        for (var i = 0; i <= limits.AnswersOfOne; i++)
        {
            table.CountAnswer(asks, 1);
        }

        Assert.True(asks.IsCutOff);
        Assert.False(table.TryName(asks, "asks"));
        Assert.True(table.TryQueue(deaf, 800));
        Assert.True(table.TryQueue(slow, 100));
        Assert.True(table.TryQueue(slow, 200)); // Together too much: the one with most is cut off, whoever asked last.
        Assert.Equal((true, false, 300), (deaf.IsCutOff, slow.IsCutOff, table.Queued));
        Assert.False(table.TryQueue(slow, 700));
        Assert.Equal((0, 0), (table.Count, table.Queued));

        async Task<BrokerConnection> EnterAsync() => (await this.EnterAsync(table, listening))!;
    }

    [Fact]
    public async Task Who_has_done_nothing_gives_way_once_it_is_idle_and_whoever_comes_again_and_again_before_that_is_refused()
    {
        var time = new FakeTimeProvider();
        var limits = new BrokerLimits { Connections = 3, OfAddress = 3 };
        var table = new BrokerConnections(limits, time, new RefusalLog(NullLogger.Instance, time));
        using var listening = new TcpListener(IPAddress.Loopback, 0);
        listening.Start();
        var publishes = await EnterAsync();
        publishes!.HasPublished = true;
        var listens = await EnterAsync();
        Assert.True(table.TryAddTopic(listens!));
        time.Advance(limits.Idle / 2);
        var silent = await EnterAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await EnterAsync());
        }

        time.Advance(limits.Idle / 2 + TimeSpan.FromMilliseconds(1));
        var first = await EnterAsync();
        Assert.NotNull(first);
        Assert.Equal((false, true, false), (publishes.IsCutOff, listens!.IsCutOff, silent!.IsCutOff)); // The silent one is not idle yet.
        Assert.Null(await EnterAsync());
        time.Advance(limits.Idle / 2);
        Assert.NotNull(await EnterAsync());
        Assert.Equal((true, false), (silent.IsCutOff, first.IsCutOff));
        first.HasPublished = true;
        time.Advance(limits.Idle * 2);
        Assert.NotNull(await EnterAsync());
        Assert.Null(await EnterAsync());
        Assert.Equal((false, false, 3), (publishes.IsCutOff, first.IsCutOff, table.Count));

        Task<BrokerConnection?> EnterAsync() => this.EnterAsync(table, listening);
    }

    [Fact]
    public void Whoever_is_refused_writes_so_many_lines_a_second_and_the_rest_is_counted()
    {
        var (time, lines) = (new FakeTimeProvider(), new Lines());
        var log = new RefusalLog(lines, time);
        for (var i = 0; i < 10 * RefusalLog.MostASecond; i++)
        {
            log.Refused("somebody", "too many");
        }

        Assert.Equal(RefusalLog.MostASecond, lines.Written.Count);
        time.Advance(TimeSpan.FromSeconds(1));
        log.Refused("an honest one", "wrong password");
        Assert.Contains("an honest one", lines.Written[^1], StringComparison.Ordinal);
        Assert.Contains($"{9 * RefusalLog.MostASecond} others", lines.Written[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Who_publishes_faster_than_it_may_is_read_more_slowly()
    {
        var time = new FakeTimeProvider();
        var (limits, beyond) = (new BrokerLimits { MessagesOfOne = 8, MessagesBeyond = 16, BytesOfOne = 1 << 20 }, new Pace(time));
        var flood = Enumerable.Range(0, 10).Select(_ => new PublishPace(limits, beyond, time)).ToList();
        var honest = new PublishPace(limits, beyond, time);

        // Each has 16 at once for itself, and all together 32 more; then they wait.
        Assert.All(Enumerable.Range(0, 160), i => Assert.Equal(TimeSpan.Zero, flood[i % 10].Charge(1)));
        Assert.All(Enumerable.Range(0, 32), i => Assert.Equal(TimeSpan.Zero, flood[i % 10].Charge(1)));
        Assert.InRange(flood[0].Charge(1).TotalSeconds, 0.062, 0.063);
        Assert.All(Enumerable.Range(0, 16), _ => Assert.Equal(TimeSpan.Zero, honest.Charge(1)));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, flood[0].Charge(2 << 20));
        Assert.Equal(TimeSpan.Zero, flood[0].Charge(2 << 20));
        Assert.InRange(flood[0].Charge(1 << 20).TotalSeconds, 0.99, 1.01);
    }

    private async Task<BrokerConnection?> EnterAsync(BrokerConnections table, TcpListener listening)
    {
        var client = new TcpClient();
        opened.Add(client);
        var accepting = listening.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await client.ConnectAsync((IPEndPoint)listening.LocalEndpoint, TestContext.Current.CancellationToken);
        return table.Enter(await accepting);
    }

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add(formatter(state, exception));
    }

    private async Task<BrokerLimits> StartAsync(BrokerLimits? limits = null)
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        limits ??= new BrokerLimits();
        started = new MqttBroker(new BrokerAddress("127.0.0.1", port, Tls: false, null, null), NullLogger.Instance, TimeProvider.System, limits);
        await Broker.StartAsync();
        return limits;
    }

    private async Task<RawMqtt> OpenAsync(string id, bool retry = false)
    {
        for (var tries = 0; ; tries++)
        {
            var raw = await RawMqtt.OpenAsync(port);
            opened.Add(raw);
            try
            {
                await raw.ConnectAsync(id);
                return raw;
            }
            catch (IOException) when (retry && tries < 200)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken); // No place yet: the next one may be free.
            }
        }
    }

    private async Task<IMqttClient> ClientAsync(string id, bool retry = false)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        opened.Add(client);
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId(id).WithProtocolVersion(MqttProtocolVersion.V500).WithCleanStart().Build();
        for (var tries = 0; ; tries++)
        {
            try
            {
                var answer = await client.ConnectAsync(options, TestContext.Current.CancellationToken);
                return answer.ResultCode == MqttClientConnectResultCode.Success ? client : throw new IOException($"{answer.ResultCode}");
            }
            catch (Exception fault) when (retry && tries < 200 && fault is not OperationCanceledException)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    private static MqttApplicationMessage Message(string topic, byte value) =>
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload([value]).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();

    private static async Task<PubSubMessage> NextAsync(ISubscription subscription)
    {
        using var limit = new CancellationTokenSource(Patience);
        await using var messages = subscription.ReadAllAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        Assert.True(await messages.MoveNextAsync());
        return messages.Current;
    }

    private static async Task UntilAsync(Func<bool> so)
    {
        var begun = System.Diagnostics.Stopwatch.StartNew();
        while (!so())
        {
            Assert.True(begun.Elapsed < Patience, "it never came to that");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
