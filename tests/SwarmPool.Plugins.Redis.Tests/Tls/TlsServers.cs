using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Plugins.Redis.Tests.Tls;
using SwarmPool.RedisServers;
using SwarmPool.State;
using SwarmPool.Transport;

[assembly: AssemblyFixture(typeof(TlsServers))]

namespace SwarmPool.Plugins.Redis.Tests.Tls;

/// <summary>
/// An authority, another that nobody trusts, and a durable server that speaks TLS alone and wants to see its clients' certificates. Slots are
/// filled as an operator does it: by the keys of a section.
/// </summary>
public sealed class TlsServers : IAsyncLifetime
{
    public const string Password = "hunter2";

    private RedisServer? server;
    private int databases;

    public TestAuthority Authority { get; } = new("a test's authority");

    public TestAuthority Stranger { get; } = new("a stranger's authority");

    /// <summary>The client's certificate, its key apart and under a password.</summary>
    public string Certificate { get; private set; } = "";

    public string Key { get; private set; } = "";

    public string Configuration => server!.Configuration;

    /// <summary>Whom to trust, who we are, and a database that nobody used before.</summary>
    public (string Key, string Value)[] Fresh() =>
    [
        ("configuration", string.Create(CultureInfo.InvariantCulture, $"{Configuration},ssl=true,defaultDatabase={Interlocked.Increment(ref databases)}")),
        ("tls:ca_file", Path.GetFileName(Authority.RootFile)), ("tls:certificate_file", Certificate), ("tls:key_file", Key), ("tls:password", Password),
    ];

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.StartTlsAsync([.. RedisServer.Durable, .. Authority.ServerSettings(wantsClients: true)]);
        using var certificate = Authority.Issue("a daemon");
        using var key = certificate.GetECDsaPrivateKey()!;
        Certificate = Authority.Write(certificate.ExportCertificatePem(), ".pem");
        Key = Authority.Write(key.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000)), ".key");
    }

    public IPoolJournal Journal(params (string Key, string Value)[] section) => Slot<IPoolJournal>("journal", section);

    public ITransport Transport(params (string Key, string Value)[] section) => Slot<ITransport>("transport", section);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        Authority.Dispose();
        Stranger.Dispose();
    }

    private T Slot<T>(string slot, (string Key, string Value)[] section)
        where T : class
    {
        var pool = new Composing { BaseDirectory = Authority.Folder };
        pool.UseRedis(Composing.Section([("slots", slot), .. section]));
        return pool.Build().Services.GetRequiredService<T>();
    }
}
