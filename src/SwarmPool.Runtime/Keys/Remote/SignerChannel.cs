using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;

namespace SwarmPool.Runtime.Keys.Remote;

/// <summary>Where a remote signer is reached.</summary>
internal interface ISignerChannel
{
    /// <summary>Which signer it is, for messages.</summary>
    string Place { get; }

    /// <summary>Starts or reaches the signer.</summary>
    /// <exception cref="IOException">It can't be.</exception>
    ValueTask<SignerLine> OpenAsync(CancellationToken cancellationToken);
}

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

/// <summary>A signer behind a Unix domain socket. Who may connect is for the rights of the socket's file to say.</summary>
internal sealed class SignerSocket(string path) : ISignerChannel
{
    public string Place => path;

    public async ValueTask<SignerLine> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException or ArgumentException)
            {
                throw new IOException($"can't be reached: {e.Message}", e);
            }

            throw;
        }

        var stream = new NetworkStream(socket, ownsSocket: true);
        return new SignerLine(stream, stream, stream.Dispose);
    }
}
