using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace SwarmPool.Plugins.Redis.Tls;

/// <summary>
/// Finds out why a server can't be connected to, when TLS is why: the client library says little of it, and tries again what no retry fixes.
/// </summary>
internal sealed class TlsProbe(ConfigurationOptions configuration, ClientTls tls, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly ReadOnlyMemory<byte> Ping = "PING\r\n"u8.ToArray();

    /// <summary>Asks the configured servers in turn.</summary>
    /// <returns>What is wrong; null when it is not TLS, or unknown.</returns>
    public async Task<TlsRefusedException?> FindAsync()
    {
        foreach (var point in configuration.EndPoints)
        {
            if (await FindAsync(point) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private async Task<TlsRefusedException?> FindAsync(EndPoint point)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            var isPlain = await AnswersAsync(point, limit.Token);
            return configuration.Ssl switch
            {
                true when isPlain => new("the server does not speak TLS on this port", "name its TLS port (tls-port) in 'configuration', or remove ssl=true from it"),
                true => await RefusalAsync(point, limit.Token),
                false when !isPlain && await HasCertificateAsync(point, limit.Token) => new("the server speaks only TLS on this port", "add ssl=true to 'configuration'"),
                _ => null,
            };
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return null; // It can't be reached, or stands still: that is another problem.
        }
    }

    /// <summary>Whether it answers without TLS.</summary>
    private static async Task<bool> AnswersAsync(EndPoint point, CancellationToken cancellationToken)
    {
        await using var stream = await ConnectAsync(point, cancellationToken);
        try
        {
            return await AnswerAsync(stream, cancellationToken) is (byte)'+' or (byte)'-';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<TlsRefusedException?> RefusalAsync(EndPoint point, CancellationToken cancellationToken)
    {
        TlsRefusedException? judged = null;
        var host = HostOf(point);
        bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            judged = errors == SslPolicyErrors.None ? null : CertificateProblem.Of(certificate as X509Certificate2, chain, errors, host, time.GetUtcNow());
            return judged is null;
        }

        await using var stream = new SslStream(await ConnectAsync(point, cancellationToken));
        var saidHello = false;
        try
        {
            await stream.AuthenticateAsClientAsync(tls.OptionsFor(host, configuration, Judge), cancellationToken);
            saidHello = true;
            return await AnswerAsync(stream, cancellationToken) >= 0 ? null : Ended();
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return judged ?? (saidHello ? Ended() : NotAgreed(e));
        }
    }

    private async Task<bool> HasCertificateAsync(EndPoint point, CancellationToken cancellationToken)
    {
        var shown = false;
        await using var stream = new SslStream(await ConnectAsync(point, cancellationToken));
        try
        {
            await stream.AuthenticateAsClientAsync(
                tls.OptionsFor(
                    HostOf(point),
                    configuration,
                    (_, certificate, _, _) =>
                    {
                        shown = certificate is not null;
                        return false; // Nothing is said to it.
                    }),
                cancellationToken);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return shown;
        }

        return shown;
    }

    // With TLS 1.3 a server asks for the client's certificate when the client is done already, and so refuses it afterwards.
    private TlsRefusedException Ended() => tls.Certificate is { } own
        ? new($"the server refuses the client certificate of {own.TargetCertificate.Subject}", "use one of an authority that the server trusts (tls-ca-cert-file), and check that it has not expired")
        : new("the server requires a client certificate", "name one in 'certificate_file'");

    private TlsRefusedException NotAgreed(Exception why) => new(
        $"client and server do not agree on TLS ({(why.InnerException ?? why).Message})",
        $"check that they share a protocol and a cipher{(tls.Certificate is null ? ", and whether the server requires a client certificate ('certificate_file')" : ", and that the server trusts the authority of 'certificate_file'")}");

    private string HostOf(EndPoint point) => configuration.SslHost ?? point switch
    {
        DnsEndPoint name => name.Host,
        IPEndPoint address => address.Address.ToString(),
        _ => "",
    };

    /// <summary>The first byte of the answer to a PING; -1 when there is none.</summary>
    private static async Task<int> AnswerAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Ping, cancellationToken);
        var answer = new byte[1];
        return await stream.ReadAsync(answer, cancellationToken) == 1 ? answer[0] : -1;
    }

    private static async Task<NetworkStream> ConnectAsync(EndPoint point, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(point, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
