using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Plugins.ChatClient.Tests.Support;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.Testing.App;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>A chat from its client through a pool to a server behind a miner, and back.</summary>
public sealed class PoolTests
{
    [Fact]
    public async Task A_pool_answers_a_chat_although_the_server_fails_at_first()
    {
        var asked = 0;
        await using var server = new ScriptedServer(exchange => Interlocked.Increment(ref asked) == 1
            ? exchange.AnswerAsync("503 Service Unavailable", "")
            : exchange.SayAsync("4"));
        await using var models = new TestModels(server.Url).CountBytes();
        models.Write();
        await using var pool = await TestPool.StartAsync(
            options =>
            {
                options.Miners = 2; // Who failed at a job leaves it to the other.
                options.Backend = builder => builder.UseChatClient(chat => chat.Models = models.Folder);
            },
            TestContext.Current.CancellationToken);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwarmPoolClient(new ConfigurationBuilder().AddInMemoryCollection([new("client_ens", "real.eth"), new("client_key_file", "none.key")]).Build());
        pool.ConfigureClient(builder.Services);
        using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        var job = await app.Services.GetRequiredService<PoolClient>().SubmitAsync(
            new JobSpec
            {
                JobType = TestModels.Chat,
                Model = TestModels.Model,
                Amount = Usdc.Parse("0.1"),
                Deadline = TimeSpan.FromMinutes(5),
                Input = """{"messages":[{"role":"user","content":"2+2"}]}"""u8.ToArray(),
            },
            TestContext.Current.CancellationToken);
        var output = (await job.Completion).Output;

        Assert.Equal("""{"finish":"stop","text":"4","usage":{"input_bytes":3,"input_tokens":3,"output_bytes":1,"output_tokens":1}}""", Encoding.UTF8.GetString(output.Span));
        Assert.Equal(2, asked);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }
}
