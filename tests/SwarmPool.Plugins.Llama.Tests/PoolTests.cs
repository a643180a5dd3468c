using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
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
