using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Tests;

/// <summary>Delegating as people do it: print, sign in a wallet, bring the signature back, take it all back.</summary>
public sealed partial class DelegateTests
{
    private const string Account = "0x2e4011c8f9c8de290aad61055c2017d93ee4c69b";

    [Theory]
    [MemberData(nameof(Screens.DaemonScreenTests.Terminals), MemberType = typeof(Screens.DaemonScreenTests))]
    public async Task A_delegation_to_sign(string variant, int width, bool unicode)
    {
        using var world = await PoolAsync(width, unicode);
        var before = world.Screen.Length;
        Assert.Equal(ExitCodes.Ok, await world.ClientAsync("delegate", "--ens", "clinic.clientswarm.eth", "--account", Account, "--days", "7", "--spending-cap", "25"));
        Verified.Matches(Hash().Replace(world.Screen[before..], "(a hash)"), variant);
    }

    [Fact]
    public async Task A_delegation_to_sign_as_json()
    {
        using var world = await PoolAsync();
        var before = world.Screen;
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "--ens", "miner.alice.eth", "--account", Account, "--json"));
        Assert.Equal(before, world.Screen);
        Verified.Matches(Hash().Replace(world.Out, "(a hash)"));
    }

    [Theory]
    [MemberData(nameof(Screens.DaemonScreenTests.Terminals), MemberType = typeof(Screens.DaemonScreenTests))]
    public async Task A_revocation_to_sign(string variant, int width, bool unicode)
    {
        using var world = await PoolAsync(width, unicode);
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "--ens", "miner.alice.eth", "--account", Account, "--wallet-key-file", "keys/miner.alice.eth.key"));
        var before = world.Screen.Length;
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "revoke"));
        Verified.Matches(Hash().Replace(world.Screen[before..], "(a hash)"), variant);
    }

    [Fact]
    public async Task A_signed_delegation()
    {
        using var world = await PoolAsync();
        var before = world.Screen.Length;
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("delegate", "--account", Account, "--wallet-key-file", "keys/swarmpool.eth.key"));
        Verified.Matches(world.Screen[before..]);
    }

    [Fact]
    public async Task The_wallets_signature_of_the_text_that_was_printed_makes_the_delegation()
    {
        using var world = await PoolAsync();
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "--ens", "miner.alice.eth", "--json"));
        using var printed = JsonDocument.Parse(world.Out);
        var text = printed.RootElement.GetProperty("text").GetString()!;

        // Another's signature is refused, and nothing is written.
        Assert.Equal(ExitCodes.Refused, await world.MinerAsync("delegate", "--signature", await SignAsync(world, "miner.bob.eth", text)));
        Assert.Contains(ErrorCodes.WrongSigner, world.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(world.PathOf("miner.delegation.json")));

        // A wallet may write digits in capitals, and count v from 0.
        var signature = await SignAsync(world, "miner.alice.eth", text);
        signature = signature[..^2].ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal) + (signature.EndsWith("1b", StringComparison.Ordinal) ? "00" : "01");
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "--signature", signature));
        var delegation = SessionKeys.ReadFile(world.PathOf("miner.delegation.json"));
        using var session = KeyLoader.Load(new SignerOptions { KeyFile = world.PathOf("miner.session.key") }, "the session");
        Assert.Equal(session.Address, ((DelegationSnapshot)delegation.Body).Key);
        Assert.Equal(text, Encoding.UTF8.GetString(SnapshotCodec.SigningText(delegation)));
        Assert.False(File.Exists(world.PathOf("miner.delegation.json.draft")));

        // The text is gone with its draft: the signature makes no second one.
        Assert.Equal(ExitCodes.Configuration, await world.MinerAsync("delegate", "--signature", signature));
    }

    [Theory]
    [InlineData("--days", "0")]
    [InlineData("--days", "91")]
    [InlineData("--account", "0x12")]
    [InlineData("--spending-cap", "1.0000001")]
    [InlineData("--spending-cap", "-5")]
    public async Task What_is_out_of_bounds_is_told(string option, string value)
    {
        using var world = await PoolAsync();
        string[] cap = option == "--spending-cap" ? [] : ["--spending-cap", "5"];
        Assert.Equal(ExitCodes.Configuration, await world.ClientAsync(["delegate", "--ens", "clinic.clientswarm.eth", .. cap, option, value]));
        Assert.Contains(option, world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_with_a_wrong_checksum_is_told_with_the_right_one()
    {
        using var world = await PoolAsync();
        Assert.Equal(ExitCodes.Configuration, await world.MinerAsync("delegate", "--ens", "miner.alice.eth", "--account", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"));
        Assert.Contains("SP1001: --account: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD' has a wrong checksum", world.Error, StringComparison.Ordinal);
        Assert.Contains("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_has_to_say_how_much()
    {
        using var world = await PoolAsync();
        Assert.Equal(ExitCodes.Configuration, await world.ClientAsync("delegate", "--ens", "clinic.clientswarm.eth"));
        Assert.Contains("--spending-cap", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delegation_is_taken_back_before_a_running_daemon()
    {
        using var world = await PoolAsync();
        UseFreePort(world, "swarmpool.json", "swarm-miner.json");
        using var daemon = await DaemonAsync(world);
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "--ens", "miner.alice.eth", "--account", Account, "--wallet-key-file", "keys/miner.alice.eth.key"));
        Assert.Equal(ExitCodes.Refused, await world.MinerAsync("delegate", "revoke", "--wallet-key-file", "keys/miner.bob.eth.key"));

        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "revoke", "--json"));
        using var printed = JsonDocument.Parse(world.Out);
        var signature = await SignAsync(world, "miner.alice.eth", printed.RootElement.GetProperty("text").GetString()!);
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "revoke", "--signature", signature));
        Assert.Contains("Taken back", world.Screen, StringComparison.Ordinal);

        // Asked once more, the pool says the same.
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "revoke", "--wallet-key-file", "keys/miner.alice.eth.key"));
        await daemon.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A pool that remembers as much of the name as it may does not take another revocation now. That is told, with what to do.</summary>
    [Fact]
    public async Task A_revocation_that_the_pool_refuses()
    {
        using var world = await PoolAsync();
        UseFreePort(world, "swarmpool.json", "swarm-miner.json");
        Change(world, "swarmpool.json", json => (json["name_rate"], json["peer_rate"]) = (10_000, 10_000));
        using var daemon = await DaemonAsync(world);
        await RevokeManyAsync(world, daemon, EnsName.Parse("miner.alice.eth"), 128);
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("delegate", "--ens", "miner.alice.eth", "--account", Account, "--wallet-key-file", "keys/miner.alice.eth.key"));
        var before = world.Screen.Length;
        Assert.Equal(ExitCodes.Refused, await world.MinerAsync("delegate", "revoke", "--wallet-key-file", "keys/miner.alice.eth.key"));
        Verified.Matches(world.Screen[before..]);

        Assert.Equal(ExitCodes.Refused, await world.MinerAsync("delegate", "revoke", "--wallet-key-file", "keys/miner.alice.eth.key", "--json"));
        using var printed = JsonDocument.Parse(world.Out);
        Assert.Equal(("refused", ErrorCodes.TooManyDelegations), (printed.RootElement.GetProperty("status").GetString(), printed.RootElement.GetProperty("code").GetString()));
        await daemon.StopAsync(TestContext.Current.CancellationToken);
    }

    // Of delegations that the pool never saw; done when its journal has them all.
    private static async Task RevokeManyAsync(World world, IHost daemon, EnsName name, int count)
    {
        using var wallet = KeyLoader.Load(new SignerOptions { KeyFile = world.PathOf($"keys/{name}.key") }, name.Text);
        var (transport, journal) = (daemon.Services.GetRequiredService<ITransport>(), daemon.Services.GetRequiredService<IPoolJournal>());
        var signed = new List<SignedSnapshot>();
        for (var number = 0; number < count; number++)
        {
            var revocation = new RevocationSnapshot
            {
                Pool = EnsName.Parse("swarmpool.eth"),
                Network = "local",
                Timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
                Nonce = number.ToString("x32", CultureInfo.InvariantCulture),
                Name = name,
                Revokes = number.ToString("x64", CultureInfo.InvariantCulture),
            };
            signed.Add(await SnapshotCodec.SignAsync(revocation, wallet, TestContext.Current.CancellationToken));
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            foreach (var revocation in signed)
            {
                await transport.PubSub.PublishAsync("/swarmpool.eth/revocations", revocation.Bytes, limit.Token);
            }

            var recorded = 0;
            await foreach (var record in journal.ReadAsync(1, limit.Token))
            {
                recorded += Encoding.UTF8.GetString(record.Body.Span).Contains("\"event\":\"delegation_revoked\"", StringComparison.Ordinal) ? 1 : 0;
            }

            if (recorded == count)
            {
                return;
            }

            await Task.Delay(200, limit.Token);
        }
    }

    private static async Task<World> PoolAsync(int width = 1000, bool unicode = true)
    {
        var world = new World(width, unicode);
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("init"));
        return world;
    }

    private static async Task<IHost> DaemonAsync(World world)
    {
        var builder = SwarmPoolBuilder.CreateFromFile(world.PathOf("swarmpool.json"), environmentPrefix: null);
        builder.UsePlugins();
        builder.AddDaemon();
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private static async Task<string> SignAsync(World world, string name, string text)
    {
        using var wallet = KeyLoader.Load(new SignerOptions { KeyFile = world.PathOf($"keys/{name}.key") }, name);
        return "0x" + Convert.ToHexStringLower((await wallet.SignAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken)).Span);
    }

    // The default port may be another pool's on this machine.
    private static void UseFreePort(World world, params string[] files)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        foreach (var file in files)
        {
            Change(world, file, json => json["plugins"]!["use"]!["SwarmPool.Plugins.Embedded"]!["url"] = $"mqtt://{listener.LocalEndpoint}");
        }
    }

    private static void Change(World world, string file, Action<JsonNode> change)
    {
        var configuration = JsonNode.Parse(File.ReadAllText(world.PathOf(file)))!;
        change(configuration);
        File.WriteAllText(world.PathOf(file), configuration.ToJsonString());
    }

    [GeneratedRegex("(?<=(sha256|revokes): )[0-9a-f]{64}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Hash();
}
