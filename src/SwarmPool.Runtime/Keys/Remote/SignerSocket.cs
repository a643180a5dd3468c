using System.Net.Sockets;

namespace SwarmPool.Runtime.Keys.Remote;

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
