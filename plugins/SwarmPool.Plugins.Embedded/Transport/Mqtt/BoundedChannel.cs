using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>
/// One client's connection at the broker, closed when a packet announces more bytes than allowed: the server library
/// would set aside up to 256 MiB for it first.
/// </summary>
internal sealed class BoundedChannel(Socket socket, int firstPacketBytes, int maxPacketBytes) : IMqttChannel
{
    private readonly PacketLengthTracker meter = new(maxPacketBytes, firstPacketBytes);

    public X509Certificate2? ClientCertificate => null;

    public EndPoint RemoteEndPoint { get; } = socket.RemoteEndPoint!;

    public EndPoint LocalEndPoint { get; } = socket.LocalEndPoint!;

    public bool IsSecureConnection => false;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        socket.Close();
        return Task.CompletedTask;
    }

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(offset, count), SocketFlags.None, cancellationToken);
            return meter.Pass(buffer.AsSpan(offset, read))
                ? read
                : throw new MqttProtocolViolationException($"A packet of {RemoteEndPoint} is larger than {maxPacketBytes} bytes, or its first than {firstPacketBytes}.");
        }
        catch (ObjectDisposedException)
        {
            // Closed from our side: the reader's end of stream.
            return 0;
        }
        catch (SocketException fault)
        {
            throw new MqttCommunicationException(fault);
        }
    }

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var segment in buffer)
            {
                for (var rest = segment; !rest.IsEmpty;)
                {
                    rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancellationToken)..];
                }
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            throw new MqttCommunicationException(fault);
        }
    }

    public void Dispose() => socket.Dispose();
}
