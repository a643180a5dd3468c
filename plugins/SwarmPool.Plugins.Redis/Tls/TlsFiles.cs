using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SwarmPool.Files;

namespace SwarmPool.Plugins.Redis.Tls;

/// <summary>Reads the files that <see cref="RedisTlsOptions"/> names.</summary>
internal static class TlsFiles
{
    private const int MaxBytes = 1024 * 1024;

    /// <returns>Null when the options say nothing.</returns>
    /// <exception cref="IOException">One can't be read or used; the message names it, with the option, and holds no password.</exception>
    public static ClientTls? Read(RedisTlsOptions options, string baseDirectory)
    {
        if (!options.IsSet)
        {
            return null;
        }

        string? At(string? file) => string.IsNullOrEmpty(file) ? null : Path.GetFullPath(file, baseDirectory);
        var password = At(options.PasswordFile) is { } file ? SettingFile.FirstLine(file, "password_file") : options.Password;
        return new ClientTls(
            At(options.CaFile) is { } authorities ? Named(authorities, "ca_file", Authorities) : [],
            At(options.CertificateFile) is { } own ? Named(own, "certificate_file", path => Own(path, At(options.KeyFile), password)) : null);
    }

    private static T Named<T>(string path, string key, Func<string, T> read)
    {
        try
        {
            return new FileInfo(RealPath.Of(path)).Length <= MaxBytes ? read(path) : throw new IOException($"it has more than {MaxBytes} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new IOException($"The file {path} ('{key}') can't be used: {e.Message}", e);
        }
    }

    private static X509Certificate2Collection Authorities(string path)
    {
        X509Certificate2Collection all = [];
        all.ImportFromPemFile(path);
        return all.Count > 0 ? all : throw new IOException("it holds no certificate in PEM (-----BEGIN CERTIFICATE-----).");
    }

    private static SslStreamCertificateContext Own(string path, string? keyPath, string? password)
    {
        var isBag = Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12";
        var all = isBag ? X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password) : Authorities(path);
        var own = !isBag ? FromPem(path, keyPath, password)
            : all.FirstOrDefault(static one => one.HasPrivateKey) ?? throw new IOException("it holds no certificate with a private key.");
        return SslStreamCertificateContext.Create(own, [.. all.Where(one => one.Thumbprint != own.Thumbprint)], offline: true);
    }

    private static X509Certificate2 FromPem(string path, string? keyPath, string? password) => string.IsNullOrEmpty(password)
        ? X509Certificate2.CreateFromPemFile(path, keyPath)
        : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
}
