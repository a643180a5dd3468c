using System.Diagnostics;

namespace SwarmPool.RedisServers;

/// <summary>Redis's own client, as an operator would use it.</summary>
internal static class RedisCli
{
    /// <summary>Runs it and returns what it says.</summary>
    /// <exception cref="InvalidOperationException">It says an error.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("redis-cli", ["-e", .. arguments]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var client = Process.Start(start) ?? throw new InvalidOperationException("redis-cli did not start.");
        client.StandardInput.Close();
        var errors = client.StandardError.ReadToEndAsync();
        var said = (await client.StandardOutput.ReadToEndAsync()).Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n');
        await client.WaitForExitAsync();
        return client.ExitCode == 0 ? said : throw new InvalidOperationException($"redis-cli {string.Join(' ', arguments)}: {said} {await errors}");
    }
}
