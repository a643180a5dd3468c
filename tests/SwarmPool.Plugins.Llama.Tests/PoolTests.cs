using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Testing.App;

namespace SwarmPool.Plugins.Llama.Tests;

/// <summary>A text job from its client through a pool's miners to its answer.</summary>
public sealed class PoolTests
{
    [Fact]
    public async Task A_pool_answers_text_jobs_and_its_miners_agree_token_by_token()
    {
        using var models = new TinyModels().Add();
        await using var pool = await TestPool.StartAsync(
            options =>
            {
                options.Miners = 2;
                options.Backend = builder => builder.UseLlama(llama => (llama.Models, llama.Threads) = (models.Folder, 1));
            },
            TestContext.Current.CancellationToken);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwarmPoolClient(new ConfigurationBuilder().AddInMemoryCollection([new("client_ens", "real.eth"), new("client_key_file", "none.key")]).Build());
        pool.ConfigureClient(builder.Services);
        using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        var client = app.Services.GetRequiredService<PoolClient>();

        // Replicas have to give the same bytes, so that this answer is one that both miners wrote.
        var chance = await AnswerAsync(client, """{"messages":[{"role":"user","content":"What is 2+2?"}],"max_tokens":24,"temperature":"0.8","top_p":"0.9"}""", replicas: 2);
        Assert.Equal(chance.Ids.Count, chance.Output);
        Assert.True(chance.Finish is "stop" or "length", chance.Finish);
        var sure = await AnswerAsync(client, """{"prompt":"2+2=","max_tokens":24}""");
        var again = await AnswerAsync(client, """{"prompt":"2+2=","max_tokens":24}""");
        Assert.Equal(sure.Ids, again.Ids);
        Assert.Equal(sure.Text, again.Text);

        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The project's own language model adds, and is paid by the token: as many as its tokenizer makes of the sum, and as it answered.</summary>
    [Fact]
    public async Task A_sum_is_paid_by_its_tokens()
    {
        var models = SumsTests.Folder;
        await using var pool = await TestPool.StartAsync(options => options.Backend = builder => builder.UseLlama(llama => (llama.Models, llama.Threads) = (models, 1)), TestContext.Current.CancellationToken);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwarmPoolClient(new ConfigurationBuilder().AddInMemoryCollection([new("client_ens", "real.eth"), new("client_key_file", "none.key")]).Build());
        pool.ConfigureClient(builder.Services);
        using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        var job = await app.Services.GetRequiredService<PoolClient>().SubmitAsync(
            new JobSpec
            {
                JobType = "text-generation",
                Model = "sums",
                Amount = Usdc.Parse("0.05"),
                Rates = new JobRates { Base = 1000, InputTokens = 50_000, OutputTokens = 200_000 },
                Deadline = TimeSpan.FromMinutes(5),
                Input = """{"prompt":"57+68=","max_tokens":8}"""u8.ToArray(),
            },
            TestContext.Current.CancellationToken);
        var result = await job.Completion;
        var epoch = await pool.EndEpochAsync(TestContext.Current.CancellationToken);

        await using var backend = Backends.Over(models);
        var prompt = (await (await backend.TokensAsync("sums")).EncodeAsync("57+68=")).Length;
        using var output = JsonDocument.Parse(result.Output);
        var answer = output.RootElement.GetProperty("ids").GetArrayLength();
        Assert.Equal("125", output.RootElement.GetProperty("text").GetString());
        var byHand = 1000 + (prompt * 50) + (answer * 200);
        Assert.Equal((byHand, byHand), (result.Charge!.Value.Micro, epoch.Epoch.TotalVolumeUsdc.Micro));
        Assert.Equal(byHand, epoch.Payouts.Sum(static paid => paid.Amount.Micro) + epoch.Epoch.Settlements.HiveOps.Micro);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(List<int> Ids, string Text, string Finish, int Output)> AnswerAsync(PoolClient client, string input, int replicas = 1)
    {
        var job = await client.SubmitAsync(
            new JobSpec { JobType = "text-generation", Model = TinyModels.Name, Amount = Usdc.Parse("0.1"), Replicas = replicas, Deadline = TimeSpan.FromMinutes(5), Input = Encoding.UTF8.GetBytes(input) },
            TestContext.Current.CancellationToken);
        using var output = JsonDocument.Parse((await job.Completion).Output);
        var root = output.RootElement;
        return (
            [.. root.GetProperty("ids").EnumerateArray().Select(static id => id.GetInt32())],
            root.GetProperty("text").GetString()!,
            root.GetProperty("finish").GetString()!,
            root.GetProperty("usage").GetProperty("output_tokens").GetInt32());
    }
}
