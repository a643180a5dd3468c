using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SwarmPool.EnsChain;

/// <summary>A real Ethereum node for one test run: anvil in a process of its own, on loopback with a free port. It is stopped by its process id.</summary>
public sealed class AnvilNode : IAsyncDisposable
{
    private const string Binary = "@foundry-rs/anvil-linux-amd64/bin/anvil";
    private const string Listening = "Listening on ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly Process process;
    private readonly HttpClient http = new();

    private AnvilNode(Process process, Uri url) => (this.process, Url) = (process, url);

    /// <summary>Its JSON-RPC address.</summary>
    public Uri Url { get; }

    /// <summary>Starts a node with a chain of its own.</summary>
    public static async Task<AnvilNode> StartAsync()
    {
        var start = new ProcessStartInfo(ChainFolder.Package(Binary), ["--port", "0", "--slots-in-an-epoch", "1"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var started = Process.Start(start) ?? throw new InvalidOperationException("anvil did not start.");
        var errors = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        started.ErrorDataReceived += (_, e) => errors.Enqueue(e.Data);
        started.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(StartLimit);
        while (await started.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                _ = started.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // It says every call that it gets.
                return new AnvilNode(started, new Uri("http://" + line[Listening.Length..].Trim()));
            }
        }

        await started.WaitForExitAsync(limit.Token);
        throw new InvalidOperationException($"anvil ended before it listened:\n{string.Join('\n', errors)}");
    }

    /// <summary>Calls it; a refusal throws.</summary>
    public async Task<JsonElement> CallAsync(string method, params JsonNode?[] parameters)
    {
        var answers = await CallManyAsync([(method, parameters)]);
        return answers[0];
    }

    /// <summary>Calls it many times in one request; a refusal throws.</summary>
    public async Task<JsonElement[]> CallManyAsync(IReadOnlyList<(string Method, JsonNode?[] Parameters)> calls)
    {
        var batch = new JsonArray([.. calls.Select((call, i) => new JsonObject
        {
            ["jsonrpc"] = "2.0", ["id"] = i, ["method"] = call.Method, ["params"] = new JsonArray(call.Parameters),
        })]);
        using var response = await http.PostAsJsonAsync(Url, batch);
        var answers = (await response.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().OrderBy(static answer => answer.GetProperty("id").GetInt32()).ToArray();
        return [.. answers.Select(static answer => answer.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException($"anvil refuses: {error}")
            : answer.GetProperty("result"))];
    }

    /// <summary>kill -9.</summary>
    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }
}
