using SwarmPool.Programs.Client.Jobs;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Tests;

/// <summary>What a job asks for beside its model, as job files and command lines write it; what miners say, as screens show it.</summary>
public sealed class JobNeedsTests
{
    [Theory]
    [InlineData("""{"memory":"24 GiB"}""", 25_769_803_776)]
    [InlineData("""{"memory":"24GiB"}""", 25_769_803_776)]
    [InlineData("""{"memory":"512 MiB"}""", 536_870_912)]
    [InlineData("""{"memory":"16GB"}""", 16_000_000_000)]
    [InlineData("""{"memory":"3 MB"}""", 3_000_000)]
    [InlineData("""{"memory":"1000"}""", 1000)]
    [InlineData("""{"memory":1000}""", 1000)]
    public void Memory_is_written_in_units_or_bytes(string needs, long bytes) => Assert.Equal(new JobNeeds { MemoryBytes = bytes }, Read(needs));

    [Fact]
    public void All_needs_are_read() => Assert.Equal(
        new JobNeeds { ContextTokens = 8192, OutputTokens = 256, Device = "cuda", Precision = "fp16", Runtime = "onnxruntime" },
        Read("""{"context_tokens":8192,"output_tokens":256,"device":"cuda","precision":"fp16","runtime":"onnxruntime"}"""));

    [Fact]
    public void No_needs_are_none() => Assert.Null(Read("{}"));

    [Theory]
    [InlineData("""{"memory":"24 GIB"}""", "'needs.memory' is '24 GIB'")]
    [InlineData("""{"memory":"-1"}""", "'needs.memory' is '-1'")]
    [InlineData("""{"memory":"99999999 GiB"}""", "'needs.memory' is")]
    [InlineData("""{"memory":1.5}""", "'needs.memory' is '1.5'")]
    [InlineData("""{"memory":true}""", "'needs.memory' has to be text or a number")]
    [InlineData("""{"context_tokens":0}""", "'needs.context_tokens' is 0")]
    [InlineData("""{"device":""}""", "'needs.device' has to have 1 to 128 characters")]
    [InlineData("""{"vram":"24 GiB"}""", "'needs.vram' is no known key; known are needs.memory")]
    [InlineData("7", "'needs' is missing or no object")]
    public void What_is_wrong_with_them_is_told(string needs, string said)
    {
        var all = Assert.Throws<AggregateException>(() => Read(needs));
        Assert.Contains(said, Assert.Single(all.InnerExceptions).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory=24 GIB", "--need memory=24 GIB: memory has to be bytes")]
    [InlineData("context_tokens=many", "context_tokens has to be a whole number")]
    [InlineData("device=", "device has to have 1 to 128 characters")]
    [InlineData("vram=1", "write KEY=VALUE with one of memory")]
    [InlineData("contxt_tokens=1", "Did you mean context_tokens?")]
    [InlineData("cuda", "write KEY=VALUE")]
    public async Task A_need_on_the_command_line_has_its_form(string need, string said)
    {
        using var world = new World(width: 1000);
        world.Write("in.txt", "x");
        Assert.Equal(ExitCodes.Refused, await world.ClientAsync("submit", "--model", "m", "--input", "in.txt", "--amount", "1", "--need", need));
        Assert.Contains($"{ErrorCodes.BadField}: ", world.Error, StringComparison.Ordinal);
        Assert.Contains(said, world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Needs_on_the_command_line_are_of_a_job_without_a_file()
    {
        using var world = new World(width: 1000);
        Assert.Equal(ExitCodes.Usage, await world.ClientAsync("submit", "job.json", "--need", "device=cuda"));
        Assert.Contains("not both", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_miner_says_of_a_model_is_shown_beside_it()
    {
        var offer = new ModelOffer("m")
        {
            Device = "cuda:H100",
            Precision = "fp16",
            Runtime = "r/1",
            MemoryBytes = 24_000_000_000,
            ContextTokens = 8192,
            Warm = true,
            JobMilliseconds = 1_250,
            MillitokensPerSecond = 41_500,
            MinPrice = Usdc.Parse("0.02"),
        };
        Assert.Equal("m (cuda:H100, fp16, r/1, 24.0 GB, 8192 tokens, loaded, 1.25 s a job, 41.5 tokens/s, from 0.02 USDC)", OfferText.Of("m", [offer]));
        Assert.Equal("m", OfferText.Of("m", null));
        Assert.Equal("other", OfferText.Of("other", [offer]));
    }

    private static JobNeeds? Read(string needs)
    {
        using var world = new World();
        world.Write("in.txt", "x");
        world.Write("job.json", $$$"""{"job_type":"t","model":"m","input":"in.txt","payment":{"amount":"1"},"needs":{{{needs}}}}""");
        return JobFile.Read(world.PathOf("job.json")).Needs;
    }
}
