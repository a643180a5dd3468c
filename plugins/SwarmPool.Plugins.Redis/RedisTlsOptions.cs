using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Redis;

/// <summary>
/// What StackExchange.Redis's string can't say of TLS: whom to trust, and our own certificate. The string does turn TLS on: <c>ssl=true</c>,
/// with <c>sslHost</c> where the server's certificate has another name. Paths are relative to the builder's base directory.
/// </summary>
public sealed class RedisTlsOptions
{
    /// <summary>
    /// A PEM file with the authorities (CA) of the server's certificate. Only they are trusted then, without a
    /// revocation check. Configuration key <c>ca_file</c>. The default is none: those that the machine trusts.
    /// </summary>
    [ConfigurationKeyName("ca_file")]
    public string? CaFile { get; set; }

    /// <summary>
    /// The client's certificate, for a server that requires one: PEM (followed by its intermediate authorities), or PKCS #12
    /// when the file's name ends in <c>.pfx</c> or <c>.p12</c>. Configuration key <c>certificate_file</c>. The default is none.
    /// </summary>
    [ConfigurationKeyName("certificate_file")]
    public string? CertificateFile { get; set; }

    /// <summary>
    /// The private key of a PEM certificate. Configuration key <c>key_file</c>. The default is the certificate's own file.
    /// </summary>
    [ConfigurationKeyName("key_file")]
    public string? KeyFile { get; set; }

    /// <summary>
    /// The password of the private key. It is never written to a log or message; like any key it may come from the
    /// environment. Configuration key <c>password</c>. The default is none.
    /// </summary>
    [ConfigurationKeyName("password")]
    public string? Password { get; set; }

    /// <summary>
    /// A file whose first line is what <see cref="Password"/> would be. Configuration key <c>password_file</c>. The default is none.
    /// </summary>
    [ConfigurationKeyName("password_file")]
    public string? PasswordFile { get; set; }

    /// <summary>True when anything is set.</summary>
    internal bool IsSet => new[] { CaFile, CertificateFile, KeyFile, Password, PasswordFile }.Any(static one => !string.IsNullOrEmpty(one));
}
