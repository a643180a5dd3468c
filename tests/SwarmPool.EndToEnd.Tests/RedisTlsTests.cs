using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SwarmPool.Protocol.Errors;
using SwarmPool.RedisServers;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A pool whose Redis speaks TLS and wants to see certificates: what is amiss has a code and an end, and then it runs.</summary>
[Trait("Needs", "redis")]
public sealed class RedisTlsTests
{
    private const string Password = "hunter2";

    [Fact]
    public async Task Parties_that_the_server_does_not_let_in_end_with_a_code_and_those_that_show_their_certificates_start()
    {
        using var authority = new TestAuthority("a pool's authority");
        using var certificate = authority.Issue("a daemon");
        using var key = certificate.GetECDsaPrivateKey()!;
        await using var pool = await RedisPool.InitAsync(await RedisServer.StartTlsAsync([.. RedisServer.Durable, .. authority.ServerSettings(wantsClients: true)]));
        await RefusedAsync(pool, "speaks only TLS on this port");
        pool.WithRedis("configuration", pool.Server.Configuration + ",ssl=true");
        await RefusedAsync(pool, "not trusted here");
        pool.WithRedis("tls__ca_file", authority.RootFile);
        await RefusedAsync(pool, "requires a client certificate");

        var encrypted = key.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000));
        pool.WithRedis("tls__certificate_file", authority.Write(certificate.ExportCertificatePem() + "\n" + encrypted, ".pem")).WithRedis("tls__password", Password);
        await using var daemon = pool.Daemon();
        await daemon.SaysAsync(RedisPool.Patience, "EPOCH OPENED");
        await using var miner = pool.Miner("alice");
        await miner.SaysAsync(RedisPool.Patience, "Registered");
        daemon.Interrupt();
        Assert.Equal(0, await daemon.EndsAsync(RedisPool.Patience));
        Assert.DoesNotContain(daemon.Lines.Concat(miner.Lines), line => line.Contains(Password, StringComparison.Ordinal));
    }

    private static async Task RefusedAsync(RedisPool pool, string words)
    {
        await using var daemon = pool.Daemon();
        await using var miner = pool.Miner("alice");
        Assert.Equal(ExitCodes.ForCode(ErrorCodes.TransportUnavailable), await miner.EndsAsync(RedisPool.Patience));
        Assert.Contains(await daemon.EndsAsync(RedisPool.Patience), new[] { ExitCodes.ForCode(ErrorCodes.JournalUnreadable), ExitCodes.ForCode(ErrorCodes.TransportUnavailable) });
        Said(miner, ErrorCodes.TransportUnavailable, words);
        Said(daemon, daemon.Lines.Any(line => line.Contains(ErrorCodes.JournalUnreadable, StringComparison.Ordinal)) ? ErrorCodes.JournalUnreadable : ErrorCodes.TransportUnavailable, words);
    }

    // Lines are broken to fit a terminal, so the words are looked for in all of them together.
    private static void Said(RunningProgram program, string code, string words)
    {
        var all = string.Join(' ', program.Lines.Select(line => line.Replace("stderr:", "", StringComparison.Ordinal).Trim()));
        Assert.Contains(code, all, StringComparison.Ordinal);
        Assert.Contains(words, all, StringComparison.Ordinal);
    }
}
