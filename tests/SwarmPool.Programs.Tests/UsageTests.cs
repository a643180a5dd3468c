using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Tests;

/// <summary>What is typed wrong is told as that, to people and to programs, and never taken for something else.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("There is no option --jsn. Did you mean --json?", "submit", "job.json", "--jsn")]
    [InlineData("There is no option --bogus.", "submit", "--bogus")]
    [InlineData("There is no option --verbos. Did you mean --verbose?", "submit", "job.json", "--config", "--verbos")]
    [InlineData("There is no option -x.", "submit", "job.json", "-x")]
    [InlineData("There is no option --bogus.", "get", "--bogus")]
    public async Task An_option_that_nobody_knows_is_never_a_file_or_a_value(string said, params string[] args)
    {
        using var world = new World(width: 1000);
        world.Write("--bogus", "{}");
        Assert.Equal(ExitCodes.Usage, await world.ClientAsync(args));
        Assert.Contains($"✗ {said}\n", world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--", "--bogus")]
    [InlineData("./--bogus")]
    public async Task A_file_with_such_a_name_can_be_named(params string[] args)
    {
        using var world = new World(width: 1000);
        Assert.Equal(ExitCodes.Configuration, await world.ClientAsync(["submit", .. args]));
        Assert.Contains("SP1002: The job file ", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_argument_that_begins_with_an_at_sign_is_no_file_of_arguments()
    {
        using var world = new World(width: 1000);
        world.Write("more", "--help");
        Assert.Equal(ExitCodes.Configuration, await world.ClientAsync("submit", "@more"));
        Assert.Contains("@more can't be read", world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no command 'submti' here. Did you mean submit?", "submti", "job.json")]
    [InlineData("There is no command 'nothing' here.", "nothing")]
    public async Task A_command_that_is_not_there_is_told_with_the_one_that_was_meant(string said, params string[] args)
    {
        using var world = new World(width: 1000);
        Assert.Equal(ExitCodes.Usage, await world.ClientAsync(args));
        Assert.Contains($"✗ {said}\n", world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCodes.Usage, "SP1003", "submit", "--json")]
    [InlineData(ExitCodes.Usage, "SP1003", "submit", "job.json", "--model", "m", "--json")]
    [InlineData(ExitCodes.Usage, "SP1003", "submit", "--model", "m", "--json")]
    [InlineData(ExitCodes.Usage, "SP1003", "submit", "job.json", "--timeout", "0", "--json")]
    [InlineData(ExitCodes.Usage, "SP1003", "bogus", "--json")]
    [InlineData(ExitCodes.Configuration, "SP1002", "submit", "none.json", "--json")]
    [InlineData(ExitCodes.Refused, "SP3018", "submit", "--model", "m", "--input", "empty", "--amount", "1", "--json")]
    [InlineData(ExitCodes.Refused, "SP3019", "submit", "--model", "m", "--input", "huge", "--amount", "1", "--json")]
    [InlineData(ExitCodes.Refused, "SP3010", "submit", "--model", "m", "--input", "full", "--amount", "-1", "--json")]
    [InlineData(ExitCodes.Refused, "SP3018", "submit", "job.json", "--json")]
    [InlineData(ExitCodes.Refused, "SP2011", "get", "nonsense", "--json")]
    public async Task What_ends_a_program_that_was_asked_for_json_is_json_with_its_code(int exit, string code, params string[] args)
    {
        using var world = new World(width: 1000);
        world.Write("empty", "");
        world.Write("full", "x");
        using (var huge = File.Create(world.PathOf("huge")))
        {
            huge.SetLength(1_073_741_825); // Sparse: it takes no room.
        }

        world.Write("job.json", """{"job_type":"t","model":"m","input":"empty","payment":{"amount":"1"}}""");
        Assert.Equal(exit, await world.ClientAsync(args));
        var said = JsonElement.Parse(Assert.Single(world.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(("error", exit), (said.GetProperty("status").GetString(), said.GetProperty("exit_code").GetInt32()));
        Assert.Contains(code, said.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("code").GetString()));
        Assert.StartsWith("✗ ", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_no_program_reads_is_told_with_the_one_that_was_meant()
    {
        using var world = new World(width: 1000);
        world.Write("swarm-client.json", """{"pool_ns":"swarmpool.eth","client_ens":"nobody"}""");
        await world.ClientAsync("status");
        Assert.Contains("says 'pool_ns', which no program reads: fix its name, or take it out. Did you mean pool_ens?", world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy_second", "policy_seconds", "policy_seconds", "repeat_seconds")]
    [InlineData("POOL_ENS", "pool_ens", "pool_ens", "client_ens")]
    [InlineData("tsatus", "status", "status", "submit")]
    [InlineData("digits", null, "digits-1", "digits-2")]
    [InlineData("x", null, "y")]
    [InlineData("", null, "get")]
    public void One_name_is_nearest_or_none(string typed, string? near, params string[] known) => Assert.Equal(near, NearestName.Find(typed, known));

    [Fact]
    public async Task A_problem_of_several_lines_is_told_in_several_lines()
    {
        using var world = new World(width: 1000);
        var root = new RootCommand();
        Func<ParseResult, int> fail = _ => throw new SwarmPoolException(ErrorCodes.InferenceUnusable, "2 models can't be used:\n  one: no file\r\n  two: no hash\n");
        root.SetAction(fail);
        Assert.Equal(ExitCodes.Configuration, await CommandLineProgram.RunAsync(world.Context, [], root));
        Assert.Equal("✗ SP5101: 2 models can't be used:\n    one: no file\n    two: no hash\n", world.Error);
    }

    /// <summary>The broker that isn't there is waited for much longer than the limit.</summary>
    [Theory]
    [InlineData("submit", "job.json", "--ens", "clinic.clientswarm.eth", "--key-file", "keys/clinic.clientswarm.eth.key")]
    [InlineData("get", "bafkreieznwxtqk65xcypr72bti7wsoajznlfmq2lt4k4sa2yejt3glwj2m")]
    public async Task A_time_limit_counts_whatever_is_missing(params string[] args)
    {
        using var world = new World(width: 1000);
        await world.SwarmPoolAsync("init");
        var config = JsonNode.Parse(File.ReadAllText(world.PathOf("swarm-client.json")))!;
        config["plugins"]!["use"]!["SwarmPool.Plugins.Embedded"]!["url"] = "mqtt://127.0.0.1:9";
        world.Write("swarm-client.json", config.ToJsonString());
        var running = world.ClientAsync([.. args, "--config", "swarm-client.json", "--timeout", "5", "--json"]);
        var started = TimeProvider.System.GetTimestamp();
        while (!running.IsCompleted)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        Assert.Equal(ExitCodes.GaveUp, await running);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "it waited for the broker");
        Assert.Contains("SP5002", world.Error, StringComparison.Ordinal);
        Assert.Contains("\"exit_code\":6", world.Out, StringComparison.Ordinal);
    }
}
