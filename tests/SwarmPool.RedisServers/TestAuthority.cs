using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SwarmPool.RedisServers;

/// <summary>An authority that makes certificates for a test, in a folder of its own that goes with it.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 root;
    private int made;

    /// <summary>Makes the authority.</summary>
    /// <param name="name">Its name.</param>
    public TestAuthority(string name)
    {
        Folder = Directory.CreateTempSubdirectory("swarmpool-redis-tls-").FullName;
        var request = Request($"CN={name}", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        root = request.CreateSelfSigned(now - Age, now + Age);
        File.WriteAllText(RootFile, root.ExportCertificatePem());
    }

    /// <summary>Where its files are.</summary>
    public string Folder { get; }

    /// <summary>Its own certificate, in PEM.</summary>
    public string RootFile => Path.Combine(Folder, "ca.pem");

    /// <summary>A certificate for a server on loopback, and for a client alike.</summary>
    /// <param name="host">The server's name or address.</param>
    /// <param name="hasRunOut">Whether it ran out some days ago.</param>
    /// <returns>The certificate with its key.</returns>
    public X509Certificate2 Issue(string host, bool hasRunOut = false)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request($"CN={host}", own);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(root, now - (Age / 2), hasRunOut ? now - (Age / 3) : now + (Age / 2), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(own);
    }

    /// <summary>Writes a file into the folder.</summary>
    /// <param name="text">What is in it.</param>
    /// <param name="ending">The end of its name, e.g. ".pem".</param>
    /// <returns>Its path.</returns>
    public string Write(string text, string ending) => Write(System.Text.Encoding.ASCII.GetBytes(text), ending);

    /// <inheritdoc cref="Write(string, string)"/>
    public string Write(ReadOnlySpan<byte> bytes, string ending)
    {
        var path = Path.Combine(Folder, $"{Interlocked.Increment(ref made)}{ending}");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The settings of a server that speaks TLS with a certificate of this authority.</summary>
    /// <param name="host">The name in the certificate.</param>
    /// <param name="hasRunOut">Whether it ran out.</param>
    /// <param name="wantsClients">Whether clients have to show a certificate of this authority, too.</param>
    public IReadOnlyList<string> ServerSettings(string host = "127.0.0.1", bool hasRunOut = false, bool wantsClients = false)
    {
        using var certificate = Issue(host, hasRunOut);
        return
        [
            "--tls-cert-file", Write(certificate.ExportCertificatePem(), ".pem"),
            "--tls-key-file", Write(certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), ".key"),
            "--tls-ca-cert-file", RootFile, "--tls-auth-clients", wantsClients ? "yes" : "no",
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        root.Dispose();
        key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static CertificateRequest Request(string subject, ECDsa key) => new(subject, key, HashAlgorithmName.SHA256);
}
