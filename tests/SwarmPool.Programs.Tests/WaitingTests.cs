using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Programs.Tests;

/// <summary>No program sits before a screen that says nothing; and nothing is waited for by what is wrong here.</summary>
public sealed class WaitingTests
{
    private const string Job = "bafkreieznwxtqk65xcypr72bti7wsoajznlfmq2lt4k4sa2yejt3glwj2m";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly Wait Broker = new("the MQTT broker", "mqtt://127.0.0.1:9", TimeSpan.FromSeconds(30)) { Problem = "Connection refused" };

    [Fact]
    public void What_several_wait_for_at_once_is_said_once_and_so_is_its_end()
    {
        using var world = new World(width: 1000);
        var screen = WaitScreen.OnError(world.Context);
        Assert.Equal("", screen.Explain());
        screen.Waiting(Broker);
        screen.Waiting(Broker with { Problem = null });
        Assert.Equal(Broker, screen.Pending);
        Assert.Equal(" It waited for the MQTT broker at mqtt://127.0.0.1:9 (Connection refused).", screen.Explain());
        screen.WaitEnded(Broker, TimeSpan.FromSeconds(11));
        screen.WaitEnded(Broker with { Problem = null }, TimeSpan.FromSeconds(12));
        screen.Waiting(new Wait("swarmpool.eth to answer", null, null));
        Assert.Equal(
            "Waiting for the MQTT broker at mqtt://127.0.0.1:9, at most 30 s: Connection refused\n✓ Waited 12 s for the MQTT broker at mqtt://127.0.0.1:9\nWaiting for swarmpool.eth to answer\n",
            world.Error);
    }

    [Fact]
    public async Task For_machines_a_wait_is_two_events()
    {
        using var world = new World();
        await world.PrintAsync(printer =>
        {
            var events = new WaitEvents(new EventWriter(world.Context.Out, printer, world.Time));
            events.Waiting(Broker);
            events.WaitEnded(Broker, TimeSpan.FromSeconds(12));
        });
        Assert.Equal(
            """
            {"event":"waiting","at":1795427280000,"for":"the MQTT broker","where":"mqtt://127.0.0.1:9","at_most_seconds":30,"problem":"Connection refused"}
            {"event":"wait_ended","at":1795427280000,"for":"the MQTT broker","where":"mqtt://127.0.0.1:9","after_ms":12000}

            """,
            world.Out);
    }

    [Theory]
    [InlineData(30, "30 s")]
    [InlineData(119, "119 s")]
    [InlineData(600, "10 min")]
    [InlineData(86400, "24 h")]
    public void A_span_is_said_in_few_digits(int seconds, string said) => Assert.Equal(said, Times.Span(TimeSpan.FromSeconds(seconds)));

    /// <summary>Each program, and the broker away: within two seconds it says for what, where, and for how long at most.</summary>
    [Theory]
    [InlineData("client", "submit", "job.json", "--ens", "clinic.clientswarm.eth", "--key-file", "keys/clinic.clientswarm.eth.key")]
    [InlineData("client", "cancel", Job, "--ens", "clinic.clientswarm.eth", "--key-file", "keys/clinic.clientswarm.eth.key")]
    [InlineData("client", "get", Job)]
    [InlineData("client", "audit")]
    [InlineData("client", "status")]
    [InlineData("miner", "status")]
    [InlineData("miner", "mine")]
    [InlineData("miner", "mine", "--json")]
    public async Task A_broker_that_is_away_is_told_within_two_seconds(string program, params string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var world = await NewAsync(stop.Token);
        var url = Away(world);
        var started = TimeProvider.System.GetTimestamp();
        var running = RunAsync(world, program, args);
        await UntilAsync(() => Said().Contains("aiting", StringComparison.Ordinal), running, Said);
        var took = TimeProvider.System.GetElapsedTime(started);
        Assert.True(took < TimeSpan.FromSeconds(2) + Slack, $"{took}: {Said()}");
        if (args.Contains("--json"))
        {
            var said = JsonElement.Parse(world.Out.Split('\n')[0]);
            Assert.Equal(("waiting", "the MQTT broker", url, 30), (said.GetProperty("event").GetString(), said.GetProperty("for").GetString(), said.GetProperty("where").GetString(), said.GetProperty("at_most_seconds").GetInt32()));
        }
        else
        {
            Assert.Contains($"Waiting for the MQTT broker at {url}, at most 30 s: ", Said(), StringComparison.Ordinal);
        }

        await stop.CancelAsync();
        Assert.True(await running.WaitAsync(Limit, TestContext.Current.CancellationToken) is ExitCodes.Interrupted or ExitCodes.Ok);

        string Said() => world.Error + world.Screen + world.Out;
    }

    [Theory]
    [InlineData(ExitCodes.Transport, "SP5001")]
    [InlineData(ExitCodes.GaveUp, "SP5002", "--timeout", "3")]
    public async Task Status_answers_in_seconds_with_what_it_could_not_reach(int exit, string code, params string[] more)
    {
        foreach (var program in (string[])["client", "miner"])
        {
            using var world = await NewAsync(default);
            var url = Away(world);
            var running = RunAsync(world, program, ["status", "--json", .. more]);
            await UntilAsync(() => world.Error.Contains("Waiting for", StringComparison.Ordinal), running, () => world.Error);
            for (var passed = 0; passed < 10 && !running.IsCompleted; passed++)
            {
                world.Time.Advance(TimeSpan.FromSeconds(1));
                await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
            }

            Assert.Equal(exit, await running.WaitAsync(Limit, TestContext.Current.CancellationToken));
            Assert.Contains($"✗ {code}: Nothing of the pool was read within ", world.Error, StringComparison.Ordinal);
            Assert.Contains($"It waited for the MQTT broker at {url} (", world.Error, StringComparison.Ordinal);
            Assert.Contains($"\"exit_code\":{exit}", world.Out, StringComparison.Ordinal);
        }
    }

    /// <summary>What is wrong here is told at once, the broker being away.</summary>
    [Theory]
    [InlineData("SP1209: The pool's name nopool.eth is not known on local", "client", "status", "--pool", "nopool.eth")]
    [InlineData("SP1209: The pool's name nopool.eth is not known on local", "client", "get", Job, "--pool", "nopool.eth")]
    [InlineData("SP1209: The pool's name nopool.eth is not known on local", "client", "submit", "job.json", "--pool", "nopool.eth", "--ens", "clinic.clientswarm.eth", "--key-file", "keys/clinic.clientswarm.eth.key")]
    [InlineData("SP1209: The name nobody.eth is not known on local", "client", "submit", "job.json", "--ens", "nobody.eth", "--key-file", "keys/clinic.clientswarm.eth.key")]
    [InlineData("SP1209: The pool's name nopool.eth is not known on local", "miner", "status", "--pool", "nopool.eth")]
    [InlineData("SP1209: The pool's name nopool.eth is not known on local", "miner", "mine", "--pool", "nopool.eth")]
    [InlineData("SP1209: The name nobody.eth is not known on local", "miner", "mine", "--ens", "nobody.eth")]
    [InlineData("SP5101: models: the backend does not have nosuch", "miner", "mine", "--models", "nosuch")]
    [InlineData("SP5101: ", "miner", "mine")]
    [InlineData("SP1201: ", "miner", "mine", "--key-file", "none.key")]
    public async Task What_is_wrong_here_is_told_before_anything_is_waited_for(string said, string program, params string[] args)
    {
        using var world = await NewAsync(default);
        Away(world);
        if (said == "SP5101: ")
        {
            Directory.CreateDirectory(world.PathOf("models/bad"));
            world.Write("models/bad/model.json", """{"name":"bad"}""");
        }

        var exit = await RunAsync(world, program, args).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Configuration, exit);
        Assert.Contains($"✗ {said}", world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("MQTT", world.Error, StringComparison.Ordinal);
    }

    // Building a host on a machine under load is no waiting.
    private static TimeSpan Slack => TimeSpan.FromSeconds(3);

    private static async Task<World> NewAsync(CancellationToken stop)
    {
        var world = new World(width: 1000, stop: stop);
        await world.SwarmPoolAsync("init", "--miners", "miner.alice.eth");
        return world;
    }

    private static Task<int> RunAsync(World world, string program, string[] args) => program == "client" ? world.ClientAsync(args)
        : args[0] == "mine" ? world.MinerAsync([.. args, .. Own(args, "--ens", "miner.alice.eth"), .. Own(args, "--key-file", "keys/miner.alice.eth.key")])
        : world.MinerAsync(args);

    private static string[] Own(string[] args, string option, string value) => args.Contains(option) ? [] : [option, value];

    private static string Away(World world)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var url = $"mqtt://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        foreach (var file in (string[])["swarm-client.json", .. Directory.GetFiles(world.Folder, "swarm-miner*.json").Select(Path.GetFileName)!])
        {
            var json = JsonNode.Parse(File.ReadAllText(world.PathOf(file)))!;
            json["plugins"]!["use"]!["SwarmPool.Plugins.Embedded"]!["url"] = url;
            world.Write(file, json.ToJsonString());
        }

        return url;
    }

    private static async Task UntilAsync(Func<bool> holds, Task<int> running, Func<string> said)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!holds())
        {
            Assert.False(running.IsCompleted, said());
            await Task.Delay(20, limit.Token);
        }
    }
}
