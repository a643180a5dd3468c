using System.Diagnostics;

namespace SwarmPool.EnsChain;

/// <summary>Runs a script of the chain's folder on Node.js: what another implementation says.</summary>
public static class NodeScript
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>What the script wrote; a script that fails throws what it said.</summary>
    /// <param name="script">The script's name, e.g. "peer.mjs".</param>
    /// <param name="input">What it reads.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<string> RunAsync(string script, string input, params string[] arguments)
    {
        _ = ChainFolder.Package("ethers/package.json");
        var start = new ProcessStartInfo("node", [Path.Combine(ChainFolder.Path, script), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        try
        {
            var (said, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? await said : throw new InvalidOperationException($"{script} failed: {await said}{await errors}");
        }
        catch (OperationCanceledException e)
        {
            process.Kill();
            throw new InvalidOperationException($"{script} did not end within {Limit}.", e);
        }
    }
}
