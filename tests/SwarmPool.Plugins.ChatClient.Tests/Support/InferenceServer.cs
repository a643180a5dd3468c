using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace SwarmPool.Plugins.ChatClient.Tests.Support;

/// <summary>
/// A real OpenAI-compatible server: llama.cpp on a model of random weights whose tokens are characters, in a process of its own, on loopback with
/// a free port. It is stopped by its process id, and ends by itself when this process does.
/// </summary>
public sealed class InferenceServer : IAsyncLifetime
{
    private const string Script = "tests/inference-server/server.mjs";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-server-").FullName;
    private Process? process;

    /// <summary>Its address.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1:9/");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var script = Path.Combine(Places.Root, Script);
        if (!Directory.Exists(Path.Combine(Path.GetDirectoryName(script)!, "node_modules")))
        {
            throw new InvalidOperationException("The server's packages are not installed: run ./test.sh or eng/inference-server.sh");
        }

        var start = new ProcessStartInfo("node", [script, folder])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var errors = new ConcurrentQueue<string?>();
        process.ErrorDataReceived += (_, e) => errors.Enqueue(e.Data);
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(StartLimit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("{\"url\":", StringComparison.Ordinal))
            {
                using var said = JsonDocument.Parse(line);
                Url = new Uri(said.RootElement.GetProperty("url").GetString()!);
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // What else it says is nobody's affair, and must not fill the pipe.
                return;
            }
        }

        await process.WaitForExitAsync(limit.Token);
        throw new InvalidOperationException($"The inference server ended before it listened:\n{string.Join('\n', errors)}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is { } running)
        {
            if (!running.HasExited)
            {
                running.Kill();
            }

            await running.WaitForExitAsync();
            running.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }
}
