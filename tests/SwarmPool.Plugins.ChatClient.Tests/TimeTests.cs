using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Tests.Support;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>A server that takes its time has no more of it than model.json says; who cancels waits for nobody.</summary>
public sealed class TimeTests
{
    private static readonly Dictionary<string, (string Code, string Said, Func<Exchange, Task> Script)> Slow = new(StringComparer.Ordinal)
    {
        ["no answer"] = ("SP5132", "limits.request_seconds", static exchange => exchange.WaitAsync()),
        ["half a head"] = ("SP5132", "limits.request_seconds", static async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-");
            await exchange.WaitAsync();
        }
        ),
        ["a head alone"] = ("SP5132", "limits.idle_seconds", static async exchange =>
        {
            await exchange.BeginAsync();
            await exchange.WaitAsync();
        }
        ),
        ["silence in the middle"] = ("SP5132", "limits.idle_seconds", static async exchange =>
        {
            await exchange.BeginAsync();
            await exchange.ChunkAsync(Streams.OpenAi("a"));
            await exchange.WaitAsync();
        }
        ),
        ["silence in a refusal"] = ("SP5126", "HTTP 500", static async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\n{");
            await exchange.WaitAsync();
        }
        ),
        ["drops"] = ("SP5132", "limits.request_seconds", static async exchange =>
        {
            await exchange.BeginAsync();
            while (true)
            {
                await exchange.ChunkAsync(":");
                await Task.Delay(2, exchange.Ended);
            }
        }
        ),
    };

    public static TheoryData<string> Names => [.. Slow.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_takes_too_long_is_named(string name)
    {
        var (code, said, script) = Slow[name];
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(script);
        await using var models = new TestModels(server.Url);
        models.Services.AddSingleton<TimeProvider>(time);
        models.Limits["idle_seconds"] = 20;
        models.Limits["request_seconds"] = name == "drops" ? 60 : 600;
        var fault = models.FaultAsync();
        while (!fault.IsCompleted)
        {
            // A second of the backend's clock for a few milliseconds: drops come often enough, and silence is long.
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(fault, Task.Delay(5));
        }

        var message = await fault;
        Assert.EndsWith($"({code})", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task A_run_that_is_cancelled_in_the_stream_ends_and_closes_it(string kind)
    {
        var begun = new TaskCompletionSource();
        var isWell = false;
        await using var server = new ScriptedServer(async exchange =>
        {
            if (isWell)
            {
                await (kind == "openai" ? exchange.SayAsync("well") : exchange.SayAsOllamaAsync("well"));
                return;
            }

            await exchange.BeginAsync();
            await exchange.ChunkAsync(kind == "openai" ? Streams.OpenAi("a") : Streams.Ollama("a"));
            begun.SetResult();
            await exchange.WaitAsync();
        });
        await using var models = new TestModels(server.Url, kind);
        using var cancelling = new CancellationTokenSource();
        var run = models.RunAsync(cancellationToken: cancelling.Token).AsTask();
        await begun.Task;
        await cancelling.CancelAsync();
        var ended = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(cancelling.Token, ended.CancellationToken);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (server.Left == 0)
        {
            await Task.Delay(5, limit.Token);
        }

        isWell = true;
        Assert.Equal("well", (await models.AnswerAsync())["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_backend_that_ends_ends_its_runs()
    {
        var begun = new TaskCompletionSource();
        await using var server = new ScriptedServer(async exchange =>
        {
            await exchange.BeginAsync();
            begun.SetResult();
            await exchange.WaitAsync();
        });
        await using var models = new TestModels(server.Url);
        var run = models.RunAsync().AsTask();
        await begun.Task;
        await models.Backend.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await models.RunAsync());
    }

    [Fact]
    public async Task More_runs_than_allowed_wait()
    {
        var (open, most, gate) = (0, 0, new Lock());
        await using var server = new ScriptedServer(async exchange =>
        {
            lock (gate)
            {
                most = Math.Max(most, ++open);
            }

            await Task.Delay(20, exchange.Ended);
            lock (gate)
            {
                open--;
            }

            await exchange.SayAsync("a");
        });
        await using var models = new TestModels(server.Url);
        models.Services.Configure<ChatClientOptions>(static options => options.MaxParallel = 3);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => models.RunAsync().AsTask()));

        Assert.InRange(most, 1, 3);
        Assert.Equal(12, server.Requests.Count);
    }

    [Fact]
    public async Task An_input_is_read_before_its_server_is_asked()
    {
        await using var server = new ScriptedServer(static exchange => exchange.SayAsync("a"));
        await using var models = new TestModels(server.Url);
        await Assert.ThrowsAsync<InferenceException>(async () => await models.RunAsync("{}"));

        Assert.Empty(server.Requests);
    }
}
