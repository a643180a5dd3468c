using System.Diagnostics;
using SwarmPool.RedisServers;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests.Tls;

/// <summary>What one side has against the other is said at the start, at once, with the fix, and in nobody's words but our own.</summary>
public sealed class TlsRefusalTests(TlsServers servers)
{
    /// <summary>How long a slot may try. None of this is to take as long.</summary>
    private const int PatienceSeconds = 25;

    [Fact]
    public async Task An_authority_that_nobody_named_is_not_trusted()
    {
        await using var server = await RedisServer.StartTlsAsync(servers.Authority.ServerSettings());
        string[] words = ["not trusted here (CN=a test's authority)", "'ca_file'"];
        await RefusedAsync(words, ("configuration", server.Configuration + ",ssl=true"));
        await RefusedAsync(words, ("configuration", server.Configuration + ",ssl=true"), ("tls:ca_file", servers.Stranger.RootFile));
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_unless_that_name_is_what_is_asked_for()
    {
        await using var server = await RedisServer.StartTlsAsync(servers.Authority.ServerSettings("redis.example"));
        (string, string) authority = ("tls:ca_file", "ca.pem");
        await RefusedAsync(["is for redis.example, not for 127.0.0.1", "sslHost="], ("configuration", server.Configuration + ",ssl=true"), authority);
        await RefusedAsync(["is for redis.example, not for other.example"], ("configuration", server.Configuration + ",ssl=true,sslHost=other.example"), authority);
        await using var named = servers.Transport(("configuration", server.Configuration + ",ssl=true,sslHost=redis.example"), authority);
        await named.StartAsync(default);
    }

    [Fact]
    public async Task A_certificate_that_ran_out_is_refused_with_what_else_is_wrong_with_it()
    {
        await using var server = await RedisServer.StartTlsAsync(servers.Authority.ServerSettings("redis.example", hasRunOut: true));
        await RefusedAsync(
            ["the certificate of CN=redis.example expired on 20", "and the server's certificate is for redis.example", "renew it"],
            ("configuration", server.Configuration + ",ssl=true"),
            ("tls:ca_file", "ca.pem"));
    }

    [Fact]
    public async Task A_client_without_a_certificate_or_with_a_strangers_is_told_that_the_server_wants_another()
    {
        var configuration = ("configuration", servers.Configuration + ",ssl=true");
        var authority = ("tls:ca_file", "ca.pem");
        await RefusedAsync(["the server requires a client certificate", "'certificate_file'"], configuration, authority);

        using var unknown = servers.Stranger.Issue("a daemon");
        var bag = servers.Stranger.Write(unknown.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12, TlsServers.Password), ".pfx");
        await RefusedAsync(["refuses the client certificate of CN=a daemon", "tls-ca-cert-file"], configuration, authority, ("tls:certificate_file", bag), ("tls:password", TlsServers.Password));
    }

    [Fact]
    public async Task Before_TLS_1_3_it_is_refused_within_the_handshake()
    {
        await using var server = await RedisServer.StartTlsAsync([.. servers.Authority.ServerSettings(wantsClients: true), "--tls-protocols", "TLSv1.2"]);
        var authority = ("tls:ca_file", "ca.pem");
        await RefusedAsync(["client and server do not agree on TLS", "'certificate_file'"], ("configuration", server.Configuration + ",ssl=true"), authority);
        await RefusedAsync(["client and server do not agree on TLS", "share a protocol"], ("configuration", server.Configuration + ",ssl=true,sslprotocols=tls13"), authority);
    }

    [Fact]
    public async Task TLS_where_there_is_none_and_none_where_there_is_are_told_apart_from_a_server_that_is_away()
    {
        await using var plain = await RedisServer.StartAsync();
        await RefusedAsync(["does not speak TLS on this port", "tls-port"], ("configuration", plain.Configuration + ",ssl=true,connectTimeout=1000"));
        await RefusedAsync(["speaks only TLS on this port", "add ssl=true"], ("configuration", servers.Configuration));
        await plain.KillAsync();
        await using var hasty = servers.Transport(("configuration", plain.Configuration + ",ssl=true"), ("timeout_seconds", "1"), ("connect_timeout_seconds", "1"));
        Assert.Contains("can't be reached", (await Assert.ThrowsAsync<TransportException>(() => hasty.StartAsync(default).AsTask())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_comes_back_with_a_certificate_that_is_not_trusted_is_named_too()
    {
        await using var server = await RedisServer.StartTlsAsync([.. RedisServer.Durable, .. servers.Authority.ServerSettings()]);
        await using var journal = servers.Journal(("configuration", server.Configuration + ",ssl=true"), ("tls:ca_file", "ca.pem"), ("timeout_seconds", "1"));
        var lease = await journal.AcquireAsync("swarmpool.eth", "test", TimeSpan.FromMinutes(5), default);
        await server.KillAsync();
        await server.StartAgainAsync(servers.Stranger.ServerSettings());
        var fault = await Assert.ThrowsAsync<JournalException>(() => journal.RenewAsync(lease, default).AsTask());
        Assert.Contains("not trusted here (CN=a stranger's authority)", fault.Message, StringComparison.Ordinal);
        Assert.Equal(JournalFault.Unavailable, fault.Fault);
    }

    /// <summary>Neither slot starts, each says all of the words, and neither tries for as long as it may.</summary>
    private async Task RefusedAsync(string[] words, params (string Key, string Value)[] section)
    {
        (string, string)[] all = [.. section, ("timeout_seconds", $"{PatienceSeconds}"), ("connect_timeout_seconds", $"{PatienceSeconds}")];
        var began = Stopwatch.GetTimestamp();
        await using var journal = servers.Journal(all);
        var untaken = await Assert.ThrowsAsync<JournalException>(() => journal.AcquireAsync("swarmpool.eth", "test", TimeSpan.FromMinutes(1), default).AsTask());
        await using var party = servers.Transport(all);
        var unheard = await Assert.ThrowsAsync<TransportException>(() => party.StartAsync(default).AsTask());
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, PatienceSeconds);
        Assert.Equal((JournalFault.Unavailable, TransportFault.Unavailable), (untaken.Fault, unheard.Fault));
        foreach (var fault in new Exception[] { untaken, unheard })
        {
            Assert.All(words, word => Assert.Contains(word, fault.Message, StringComparison.Ordinal));
            Assert.DoesNotContain("abortConnect", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(TlsServers.Password, fault.ToString(), StringComparison.Ordinal);
        }
    }
}
