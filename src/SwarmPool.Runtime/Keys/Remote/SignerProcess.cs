using System.ComponentModel;
using System.Diagnostics;

namespace SwarmPool.Runtime.Keys.Remote;

/// <summary>A signer that is a program: requests on its standard input, answers on its standard output. Its error output is left alone.</summary>
internal sealed class SignerProcess(string command, IReadOnlyList<string> arguments) : ISignerChannel
{
    public string Place => command;

    public ValueTask<SignerLine> OpenAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        try
        {
            var process = Process.Start(start) ?? throw new IOException("can't be started");
            return new(new SignerLine(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, () => End(process)));
        }
        catch (Win32Exception e)
        {
            throw new IOException($"can't be started: {e.Message}", e);
        }
    }

    // What it started goes with it: something that holds its output open would keep a read waiting.
    private static void End(Process process)
    {
        using (process)
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
