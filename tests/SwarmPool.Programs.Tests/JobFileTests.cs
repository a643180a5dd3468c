using SwarmPool.Programs.Client.Jobs;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Tests;

public sealed class JobFileTests
{
    [Fact]
    public void A_job_is_read_with_its_input_beside_it()
    {
        using var world = new World();
        world.Write("seven.png", "picture");
        world.Write("job.json", """
            {"job_type":"image-classification","model":"digits-16","input":"seven.png","payment":{"amount":"0.10","currency":"USDC"},
             "deadline_seconds":60,"time_limit_seconds":30,"replicas":2}
            """);
        var job = JobFile.Read(world.PathOf("job.json"));
        Assert.Equal("digits-16", job.Model);
        Assert.Equal(100_000, job.Amount.Micro);
        Assert.Equal(TimeSpan.FromSeconds(60), job.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(30), job.TimeLimit);
        Assert.Equal(2, job.Replicas);
        Assert.Equal("picture"u8.ToArray(), job.Input.ToArray());
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        using var world = new World();
        world.Write("job.json", """{"job_typ":"x","model":7,"payment":{"amount":"-1","tip":"1"},"deadline_seconds":0,"replicas":9,"input":"gone.png"}""");
        var all = Assert.Throws<AggregateException>(() => JobFile.Read(world.PathOf("job.json")));
        Verified.Matches(string.Join('\n', StartupErrors.Describe(all)).Replace(world.Folder, "FOLDER", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("-1")]
    [InlineData("1.0000001")]
    [InlineData("1e3")]
    [InlineData("+1")]
    [InlineData("")]
    [InlineData("inf")]
    public async Task Pitfall04_amounts_that_are_none_are_refused_before_anything_is_sent(string amount)
    {
        using var world = new World();
        world.Write("in.txt", "x");
        world.Write("job.json", $$$"""{"job_type":"t","model":"m","input":"in.txt","payment":{"amount":"{{{amount}}}"}}""");
        Assert.Equal(ExitCodes.Refused, await world.ClientAsync("submit", "job.json"));
        Assert.Contains("✗ SP3010: ", world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("[]")]
    [InlineData("nothing")]
    public void What_is_no_job_is_refused(string text)
    {
        using var world = new World();
        world.Write("job.json", text);
        Assert.Equal(ErrorCodes.ConfigurationInvalid, Assert.Throws<SwarmPoolException>(() => JobFile.Read(world.PathOf("job.json"))).Code);
    }

    [Theory]
    [InlineData("""  "input":"in.txt","input_cid":"bafkreigznqpdviohzbt5lsqe2hikxe5rbu2wulgqb3zcm644osrtcg5c3i", """)]
    [InlineData("")]
    [InlineData("""  "input_cid":"bafy", """)]
    public void Exactly_one_input_is_named(string input)
    {
        using var world = new World();
        world.Write("in.txt", "x");
        world.Write("job.json", $$$"""{ {{{input}}} "job_type":"t","model":"m","payment":{"amount":"1"}}""");
        var all = Assert.Throws<AggregateException>(() => JobFile.Read(world.PathOf("job.json")));
        Assert.Equal(ErrorCodes.BadField, Assert.IsType<SwarmPoolException>(Assert.Single(all.InnerExceptions)).Code);
    }

    [Fact]
    public void A_missing_file_says_so()
    {
        using var world = new World();
        Assert.Equal(ErrorCodes.ConfigurationMissing, Assert.Throws<SwarmPoolException>(() => JobFile.Read(world.PathOf("none.json"))).Code);
    }
}
