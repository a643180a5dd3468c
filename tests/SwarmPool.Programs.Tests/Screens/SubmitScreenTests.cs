using System.Text;
using SwarmPool.Programs.Client.Screens;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Client;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Tests.Screens;

public sealed class SubmitScreenTests
{
    [Theory]
    [MemberData(nameof(DaemonScreenTests.Terminals), MemberType = typeof(DaemonScreenTests))]
    public void A_submitted_job(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        Tell(new SubmitScreen(world.Context, json: false, outputFile: null), Result("{\"label\":\"7\"}"u8.ToArray()));
        Verified.Matches(world.Screen, variant);
    }

    [Fact]
    public void A_submitted_job_as_json()
    {
        using var world = new World();
        Tell(new SubmitScreen(world.Context, json: true, outputFile: null), Result("{\"label\":\"7\"}"u8.ToArray()));
        Assert.Empty(world.Screen);
        Verified.Matches(world.Out);
    }

    [Fact]
    public void Each_of_several_jobs_is_told_line_by_line_under_its_name()
    {
        using var world = new World(width: 1000);
        Tell(new SubmitScreen(world.Context, json: false, outputFile: null, label: "b.json"), Result("{\"label\":\"7\"}"u8.ToArray()));
        Assert.All(world.Screen.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains("b.json: ", line, StringComparison.Ordinal));
        Assert.Contains("b.json: JOB COMPLETE! By miner.bob.eth, paid in epoch-7: {\"label\":\"7\"}", world.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_of_several_jobs_is_one_line_of_json()
    {
        using var world = new World();
        Tell(new SubmitScreen(world.Context, json: true, outputFile: null, label: "b.json"), Result("{\"label\":\"7\"}"u8.ToArray()));
        var line = Assert.Single(world.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var said = System.Text.Json.JsonElement.Parse(line);
        Assert.Equal(("b.json", "completed"), (said.GetProperty("job").GetString(), said.GetProperty("status").GetString()));
    }

    [Fact]
    public void An_interrupted_wait_names_the_job_and_how_to_take_it_back()
    {
        using var world = new World(width: 1000);
        new SubmitScreen(world.Context, json: true, outputFile: null).Interrupted(Things.Job);
        Assert.Contains($"swarm-client cancel {Things.Job}", world.Error, StringComparison.Ordinal);
        Assert.Contains("\"status\": \"interrupted\"", world.Out, StringComparison.Ordinal);
        Assert.Contains($"\"job_cid\": \"{Things.Job}\"", world.Out, StringComparison.Ordinal);
    }

    /// <summary>Whoever gives up waiting is told what it waited for, in words and in counts.</summary>
    [Fact]
    public void A_wait_that_was_given_up_says_why_no_miner_took_the_job()
    {
        using var world = new World(width: 1000);
        const string Why = "Place 4 of the jobs that wait for m. No registered miner can do the job now, so it waits: 3 have the model, 0 have 24 GB, 2 ask more than 0.02.";
        var match = new JobMatch(3) { Memory = 0, AskMore = 2 };
        var screen = new SubmitScreen(world.Context, json: true, outputFile: null);
        screen.Step(Things.Job, new JobProgress(JobStage.NoMiner, "No miner can do it.", 1) { Match = match });
        screen.Step(Things.Job, new JobProgress(JobStage.Queued, Why, 1) { Match = match, Queue = new JobQueue(4) { WaitSeconds = 12 } });
        screen.GaveUp(Things.Job, TimeSpan.FromSeconds(5));
        Assert.Contains("! Accepted by the pool. No miner can do it.", world.Error, StringComparison.Ordinal);
        Assert.Contains($"No output within 5 s. {Why} The pool goes on with the job", world.Error, StringComparison.Ordinal);
        var said = System.Text.Json.JsonElement.Parse(world.Out);
        Assert.Equal(("gave_up", Why), (said.GetProperty("status").GetString(), said.GetProperty("waiting").GetString()));
        Assert.Equal("""{"have":3,"memory":0,"ask_more":2}""", string.Concat(said.GetProperty("match").GetRawText().Where(static c => !char.IsWhiteSpace(c))));
        Assert.Equal("""{"place":4,"wait_seconds":12}""", string.Concat(said.GetProperty("queue").GetRawText().Where(static c => !char.IsWhiteSpace(c))));
    }

    [Fact]
    public void What_is_said_of_a_wait_is_over_once_a_miner_has_the_job()
    {
        using var world = new World(width: 1000);
        var screen = new SubmitScreen(world.Context, json: true, outputFile: null);
        screen.Step(Things.Job, new JobProgress(JobStage.Queued, "Place 1.", 1) { Queue = new JobQueue(1) });
        screen.Step(Things.Job, new JobProgress(JobStage.Claimed, "claimed", 1, Things.Alice));
        screen.GaveUp(Things.Job, TimeSpan.FromSeconds(5));
        Assert.False(System.Text.Json.JsonElement.Parse(world.Out).TryGetProperty("waiting", out _));
    }

    [Fact]
    public void A_report_of_a_job_that_waits_has_its_place_for_programs()
    {
        using var world = new World(width: 1000);
        var report = new JobReport(Things.Job, JobCondition.Waiting, "Place 4.") { Match = new JobMatch(3) { AskMore = 2 }, Queue = new JobQueue(4) };
        Assert.Equal(Runtime.Errors.ExitCodes.GaveUp, new ReportScreen(world.Context, json: true, outputFile: null).Show(report));
        var said = System.Text.Json.JsonElement.Parse(world.Out);
        Assert.Equal((4, 2), (said.GetProperty("queue").GetProperty("place").GetInt32(), said.GetProperty("match").GetProperty("ask_more").GetInt32()));
    }

    [Fact]
    public void A_job_that_failed_names_the_miner_and_its_reason_to_people_and_to_programs()
    {
        using var world = new World(width: 1000);
        var failed = new JobFailedException(Things.Job, "max_attempts", "The job will not be done. No proof: failed (miner.alice.eth: no PNG). Nobody pays for it.") { Miner = Things.Alice, Detail = "no PNG" };
        new SubmitScreen(world.Context, json: true, outputFile: null).Failed(failed);
        Assert.Contains("No proof: failed (miner.alice.eth: no PNG)", world.Error, StringComparison.Ordinal);
        var said = System.Text.Json.JsonElement.Parse(world.Out);
        Assert.Equal(("max_attempts", "miner.alice.eth", "no PNG"), (said.GetProperty("status").GetString(), said.GetProperty("miner").GetString(), said.GetProperty("detail").GetString()));
    }

    [Fact]
    public void A_report_of_a_job_that_failed_names_the_miner_and_its_reason()
    {
        using var world = new World(width: 1000);
        var report = new JobReport(Things.Job, JobCondition.Failed, "The job will not be done. No proof: failed (miner.alice.eth: no PNG).") { Reason = "max_attempts", Miner = Things.Alice, Detail = "no PNG" };
        Assert.Equal(Runtime.Errors.ExitCodes.JobFailed, new ReportScreen(world.Context, json: false, outputFile: null).Show(report));
        Assert.Contains("No proof: failed (miner.alice.eth: no PNG)", world.Screen, StringComparison.Ordinal);
        new ReportScreen(world.Context, json: true, outputFile: null).Show(report);
        var said = System.Text.Json.JsonElement.Parse(world.Out);
        Assert.Equal(("miner.alice.eth", "no PNG"), (said.GetProperty("miner").GetString(), said.GetProperty("detail").GetString()));
    }

    [Fact]
    public void An_output_cannot_steer_the_terminal()
    {
        using var world = new World();
        new SubmitScreen(world.Context, json: false, outputFile: null).Done(Result("first\n\u001b[2Jsecond\u202e"u8.ToArray()));
        Assert.Contains("first", world.Screen, StringComparison.Ordinal);
        Assert.Contains("?[2Jsecond?", world.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', world.Screen);
    }

    [Theory]
    [InlineData(new byte[] { 0xff, 0xfe })]
    [InlineData(null)]
    public void Bytes_and_long_texts_are_not_printed(byte[]? bytes)
    {
        using var world = new World();
        var output = bytes ?? Encoding.UTF8.GetBytes(new string('x', 4097));
        new SubmitScreen(world.Context, json: false, outputFile: null).Done(Result(output));
        Assert.Contains($"{output.Length} bytes; --output", world.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_file_gets_the_bytes()
    {
        using var world = new World();
        new SubmitScreen(world.Context, json: false, outputFile: "out.bin").Done(Result([1, 2, 255]));
        Assert.Equal([1, 2, 255], File.ReadAllBytes(world.PathOf("out.bin")));
    }

    private static void Tell(SubmitScreen screen, JobResult result)
    {
        screen.Begin(new JobSpec { JobType = "image-classification", Model = "digits-16", Amount = Usdc.Parse("0.10") });
        screen.Step(Things.Job, new JobProgress(JobStage.Sent, "sent"));
        screen.Step(Things.Job, new JobProgress(JobStage.NoMiner, "no miner", 1));
        screen.Step(Things.Job, new JobProgress(JobStage.Claimed, "claimed", 1, Things.Alice));
        screen.Step(Things.Job, new JobProgress(JobStage.AttemptEnded, "miner.alice.eth gave no proof (timeout).", 1, Things.Alice));
        screen.Step(Things.Job, new JobProgress(JobStage.Proved, "proved", 2, Things.Bob));
        screen.Done(result);
    }

    private static JobResult Result(byte[] output) => new(
        Things.Job,
        output,
        Things.CidOf("output"),
        new ProofSnapshot
        {
            Pool = Things.Pool,
            Network = "local",
            Timestamp = 0,
            Nonce = new string('0', 32),
            Miner = Things.Bob,
            JobCid = Things.Job,
            Attempt = 2,
            Fence = 8,
            Status = "completed",
            OutputCid = Things.CidOf("output"),
            Metrics = new ProofMetrics { InferenceSeconds = "0.05", Model = "digits-16", ModelSha256 = "ab", Runtime = "onnxruntime/1.31.1", Device = "cpu", Precision = "fp32" },
            ProofHash = "cd",
        },
        Things.Proof,
        Things.Bob,
        "epoch-7");
}
