using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace SwarmPool.Plugins.Redis.Tls;

/// <summary>Whom a client trusts, and who it is.</summary>
/// <param name="Authorities">The authorities that are trusted; none for those of the machine.</param>
/// <param name="Certificate">The client's own certificate, with its key; null for none.</param>
internal sealed record ClientTls(X509Certificate2Collection Authorities, SslStreamCertificateContext? Certificate)
{
    /// <summary>The machine's authorities, and no certificate.</summary>
    public static ClientTls Plain { get; } = new([], null);

    /// <summary>How to speak TLS with a server.</summary>
    /// <param name="host">The name that its certificate has to bear.</param>
    /// <param name="configuration">What StackExchange.Redis's own string says.</param>
    /// <param name="judge">Looks at the server's certificate; null to refuse what has an error.</param>
    public SslClientAuthenticationOptions OptionsFor(string host, ConfigurationOptions configuration, RemoteCertificateValidationCallback? judge = null) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = configuration.SslProtocols ?? default,
        CertificateRevocationCheckMode = configuration.CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
        CertificateChainPolicy = Authorities.Count > 0 ? OwnAuthorities() : null,
        ClientCertificateContext = Certificate,
        RemoteCertificateValidationCallback = judge,
    };

    private X509ChainPolicy OwnAuthorities()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Authorities);
        return policy;
    }
}
