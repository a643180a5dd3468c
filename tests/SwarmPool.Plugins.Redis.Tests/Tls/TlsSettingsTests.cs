using System.Security.Cryptography.X509Certificates;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests.Tls;

/// <summary>What can be said of TLS, the ways to say it, and what is refused of it before any server is asked.</summary>
public sealed class TlsSettingsTests(TlsServers servers)
{
    [Theory]
    [InlineData("pem")]
    [InlineData("pfx")]
    [InlineData("password_file")]
    public async Task A_client_certificate_comes_in_each_form(string form)
    {
        using var certificate = servers.Authority.Issue("another daemon");
        using var key = certificate.GetECDsaPrivateKey()!;
        (string, string)[] said = form switch
        {
            "pem" => [("tls:certificate_file", servers.Authority.Write(certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(), ".pem"))],
            "pfx" => [("tls:certificate_file", servers.Authority.Write(certificate.Export(X509ContentType.Pkcs12, "p"), ".PFX")), ("tls:password", "p")],
            _ => [("tls:certificate_file", servers.Certificate), ("tls:key_file", servers.Key), ("tls:password_file", servers.Authority.Write(TlsServers.Password + "\n", ".secret"))],
        };
        await using var party = servers.Transport([("configuration", servers.Configuration + ",ssl=true"), ("tls:ca_file", "ca.pem"), .. said]);
        await party.StartAsync(default);
    }

    [Fact]
    public async Task A_transport_on_a_server_of_its_own_has_settings_of_its_own()
    {
        var fresh = servers.Fresh().Select(pair => ("transport_" + pair.Key, pair.Value));
        await using var party = servers.Transport([("configuration", "127.0.0.1:1"), .. fresh]);
        await party.StartAsync(default);
    }

    [Fact]
    public async Task All_problems_are_said_at_once_without_the_secret()
    {
        var pool = new Composing();
        pool.UseRedis(Composing.Section(
            ("configuration", "127.0.0.1:6379"), ("tls:password", "hunter2"), ("tls:password_file", "x"), ("tls:ca", "x"),
            ("transport_configuration", "127.0.0.1:6380"), ("transport_tls:ca_file", "x"), ("transport_tls:key_file", "x")));
        using var host = pool.Build();
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        var all = fault is AggregateException many ? string.Join("\n", many.InnerExceptions.Select(one => one.Message)) : fault.Message;
        Assert.All(
            ["tls:password, tls:password_file: keep one", "tls: a key or its password belongs to a certificate", "tls: 'configuration' does not say ssl=true", "tls:ca: no such", "transport_tls: a key", "transport_tls: 'transport_configuration' does not say ssl=true"],
            part => Assert.Contains(part, all));
        Assert.DoesNotContain("hunter", all);
    }

    [Fact]
    public void A_file_that_can_not_be_used_is_named_without_the_secret()
    {
        var server = ("configuration", servers.Configuration + ",ssl=true");
        Named("nowhere.pem", server, ("tls:ca_file", "nowhere.pem"));
        Named(servers.Key, server, ("tls:ca_file", servers.Key));
        Named(servers.Certificate, server, ("tls:certificate_file", servers.Certificate));
        Named(servers.Certificate, server, ("tls:certificate_file", servers.Certificate), ("tls:key_file", servers.Key), ("tls:password", "hunter3"));
        Named("nowhere.secret", server, ("tls:certificate_file", servers.Certificate), ("tls:password_file", "nowhere.secret"));
        Named("x.p12", server, ("tls:certificate_file", servers.Authority.Write(File.ReadAllBytes(servers.Certificate), ".p12")), ("tls:password", "hunter3"));

        // A file of one's own may name a server without TLS: that is found when it is read.
        var plain = servers.Authority.Write("127.0.0.1:6379", ".redis");
        var fault = Assert.Throws<JournalException>(() => servers.Journal(("configuration_file", plain), ("tls:ca_file", "ca.pem")));
        Assert.Contains("ssl=true", fault.Message, StringComparison.Ordinal);

        void Named(string file, params (string, string)[] section)
        {
            foreach (var thrown in new Exception[] { Assert.Throws<JournalException>(() => servers.Journal(section)), Assert.Throws<TransportException>(() => servers.Transport(section)) })
            {
                Assert.Contains(Path.GetExtension(file), thrown.Message, StringComparison.Ordinal);
                Assert.Contains("_file')", thrown.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("hunter", thrown.ToString(), StringComparison.Ordinal);
            }
        }
    }
}
