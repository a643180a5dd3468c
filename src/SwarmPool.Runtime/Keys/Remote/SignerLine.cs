using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace SwarmPool.Runtime.Keys.Remote;

/// <summary>A connection to a remote signer: a line there, a line back.</summary>
/// <remarks>Not thread-safe. After a fault it is of no more use.</remarks>
internal sealed class SignerLine : IDisposable
{
    /// <summary>The most bytes of an answer: a signature, or a reason.</summary>
    private const int MostBytes = 4096;

    private readonly Stream to;
    private readonly Stream from;
    private readonly IDisposable owner;
    private readonly byte[] answer = new byte[MostBytes];

    private SignerLine(Stream to, Stream from, IDisposable owner)
    {
        this.to = to;
        this.from = from;
        this.owner = owner;
    }

    /// <summary>Starts a program, without arguments; what it says on standard error goes where ours goes.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It can't be started.</exception>
    public static SignerLine ToCommand(string path)
    {
        var process = Process.Start(new ProcessStartInfo(path) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new IOException("no process was started");
        return new SignerLine(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, new Child(process));
    }

    /// <summary>Connects to a Unix domain socket.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async ValueTask<SignerLine> ToSocketAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var stream = new NetworkStream(socket, ownsSocket: true);
        return new SignerLine(stream, stream, stream);
    }

    /// <summary>Sends a line and returns the next one that comes, without its end.</summary>
    /// <exception cref="IOException">The other side is gone.</exception>
    /// <exception cref="FormatException">The answer is too long, or more than one line.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> AskAsync(string line, CancellationToken cancellationToken)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
        await to.FlushAsync(cancellationToken);
        for (var length = 0; length < answer.Length;)
        {
            var read = await from.ReadAsync(answer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                throw new IOException("it ended without an answer");
            }

            var end = answer.AsSpan(length, read).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return end == read - 1 ? answer.AsMemory(0, length + end) : throw new FormatException("its answer is more than one line");
            }

            length += read;
        }

        throw new FormatException($"its answer is longer than {MostBytes} bytes");
    }

    public void Dispose() => owner.Dispose();

    private sealed class Child(Process process) : IDisposable
    {
        private static readonly TimeSpan Leave = TimeSpan.FromSeconds(1);

        public void Dispose()
        {
            process.StandardInput.BaseStream.Dispose(); // What a well-behaved signer ends by; the rest is for one that is not.
            if (!process.WaitForExit(Leave))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit(Leave);
            }

            process.Dispose();
        }
    }
}
