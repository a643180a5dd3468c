using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SwarmPool.RedisLoad.Standby;

/// <summary>The standby in a process of its own, from the leader's side. It ends when its orders do.</summary>
internal sealed class FollowerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly Task<string> errors;

    private FollowerProcess(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    public static async Task<FollowerProcess> StartAsync(string configuration, string sync)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Follower).Assembly.Location, "follow", "--configuration", configuration, "--sync", sync])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var follower = new FollowerProcess(Process.Start(start)!);
        try
        {
            await follower.HearAsync();
            return follower;
        }
        catch
        {
            await follower.DisposeAsync();
            throw;
        }
    }

    /// <summary>Forgets what it has measured.</summary>
    public async Task BeginAsync()
    {
        await process.StandardInput.WriteLineAsync(Follower.Begin);
        await HearAsync();
    }

    /// <summary>How late records were applied since the beginning, as soon as it has applied up to this one.</summary>
    public async Task<Lags> EndAsync(long sequence)
    {
        await process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Follower.End} {sequence}"));
        return JsonSerializer.Deserialize<Lags>(await HearAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            process.Kill();
            process.Dispose();
        }
    }

    private async Task<string> HearAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"The standby has ended: {await errors}");
    }
}
