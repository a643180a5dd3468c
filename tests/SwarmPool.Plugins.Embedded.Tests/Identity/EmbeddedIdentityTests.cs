using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Plugins.Embedded.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Plugins.Embedded.Tests.Identity;

public sealed class EmbeddedIdentityTests : IDisposable
{
    private const string One = "0x1111111111111111111111111111111111111111";
    private const string Two = "0x2222222222222222222222222222222222222222";
    private static readonly EnsName Alice = EnsName.Parse("miner.alice.eth");

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    private string NamesPath => folder.File("names.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_known_name_has_its_accounts_payout_and_stake()
    {
        Write($$"""{ "accounts": ["{{One}}", "{{Two}}"], "payout": "{{Two}}", "stake": "12.5" }""");
        var answer = await Make().ResolveAsync(Alice, default);
        Assert.Equal(IdentityStatus.Known, answer.Status);
        Assert.Equal([EthAddress.Parse(One), EthAddress.Parse(Two)], answer.Accounts);
        Assert.Equal(EthAddress.Parse(Two), answer.Payout);
        Assert.Equal(Usdc.Parse("12.5"), answer.Stake);
        Assert.Equal(TimeSpan.FromSeconds(10), answer.ValidFor);
    }

    [Fact]
    public async Task A_pools_entry_may_say_where_the_pool_is()
    {
        Write($$"""{ "accounts": ["{{One}}"], "state": "ipns://k51", "transport": "/ip4/192.0.2.1/tcp/4001/p2p/12D3, /ip4/192.0.2.2/tcp/4001/p2p/12D3" }""");
        var found = await Make().FindPoolAsync(Alice, default);
        Assert.Equal((IdentityStatus.Known, "ipns://k51", 2), (found.Status, found.Place.State, found.Place.Peers.Count));
        Write($$"""{ "accounts": ["{{One}}"] }""");
        Assert.True((await Make().FindPoolAsync(Alice, default)).Place.IsNowhere);
        Assert.Equal(IdentityStatus.Unknown, (await Make().FindPoolAsync(EnsName.Parse("bob.eth"), default)).Status);
    }

    [Fact]
    public async Task The_payout_is_the_first_account_and_no_stake_is_known_unless_said()
    {
        Write($$"""{ "accounts": ["{{One}}"] }""");
        var answer = await Make().ResolveAsync(Alice, default);
        Assert.Equal(EthAddress.Parse(One), answer.Payout);
        Assert.Null(answer.Stake);
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_unknown()
    {
        Write($$"""{ "accounts": ["{{One}}"] }""");
        var answer = await Make().ResolveAsync(EnsName.Parse("bob.eth"), default);
        Assert.Equal(IdentityStatus.Unknown, answer.Status);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.ValidFor);
    }

    [Fact]
    public async Task A_change_is_seen_after_a_second_even_with_the_same_size_and_time()
    {
        Write($$"""{ "accounts": ["{{One}}"] }""");
        var written = File.GetLastWriteTimeUtc(NamesPath);
        var identity = Make();
        Write($$"""{ "accounts": ["{{Two}}"] }""");
        File.SetLastWriteTimeUtc(NamesPath, written);
        Assert.Equal(EthAddress.Parse(One), (await identity.ResolveAsync(Alice, default)).Payout);
        time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(EthAddress.Parse(Two), (await identity.ResolveAsync(Alice, default)).Payout);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    public async Task A_link_to_another_file_is_a_change_wherever_in_the_path_it_is(string which)
    {
        // As Kubernetes mounts it: names.json -> ..data/names.json, ..data -> a folder of its own for every version.
        var (first, second) = (folder.File("..1"), folder.File("..2"));
        foreach (var (version, account) in ((string, string)[])[(first, One), (second, Two)])
        {
            Directory.CreateDirectory(version);
            var file = Path.Combine(version, "names.json");
            File.WriteAllText(file, $$"""{ "network": "local", "names": { "miner.alice.eth": { "accounts": ["{{account}}"] } } }""");
            File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        var link = which == "folder" ? folder.File("..data") : NamesPath;
        var (old, other) = which == "folder" ? ("..1", "..2") : ("..1/names.json", "..2/names.json");
        File.CreateSymbolicLink(link, old);
        if (which == "folder")
        {
            File.CreateSymbolicLink(NamesPath, "..data/names.json");
        }

        time.Advance(TimeSpan.FromHours(1)); // The files are long since written: that they are young is not what tells.
        var identity = Make();
        Assert.Equal(EthAddress.Parse(One), (await identity.ResolveAsync(Alice, default)).Payout);
        File.Delete(link);
        File.CreateSymbolicLink(link, other);
        time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(EthAddress.Parse(Two), (await identity.ResolveAsync(Alice, default)).Payout);
    }

    [Fact]
    public async Task A_file_put_in_anothers_place_is_seen_though_it_has_its_size_and_time()
    {
        Write($$"""{ "accounts": ["{{One}}"] }""");
        var written = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(NamesPath, written);
        time.Advance(TimeSpan.FromHours(1));
        var identity = Make();
        Assert.Equal(EthAddress.Parse(One), (await identity.ResolveAsync(Alice, default)).Payout);
        File.WriteAllText(NamesPath + ".new", File.ReadAllText(NamesPath).Replace(One, Two, StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(NamesPath + ".new", written);
        File.Move(NamesPath + ".new", NamesPath, overwrite: true);
        time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(EthAddress.Parse(Two), (await identity.ResolveAsync(Alice, default)).Payout);
    }

    [Fact]
    public async Task A_file_broken_later_is_unavailable_never_unknown_and_mends_itself()
    {
        Write($$"""{ "accounts": ["{{One}}"] }""");
        var identity = Make();
        File.WriteAllText(NamesPath, "{ \"network\": ");
        time.Advance(TimeSpan.FromSeconds(5));
        var answer = await identity.ResolveAsync(Alice, default);
        Assert.Equal(IdentityStatus.Unavailable, answer.Status);
        Assert.Contains(NamesPath, answer.Detail);
        File.Delete(NamesPath);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(IdentityStatus.Unavailable, (await identity.ResolveAsync(Alice, default)).Status);
        Write($$"""{ "accounts": ["{{Two}}"] }""");
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(EthAddress.Parse(Two), (await identity.ResolveAsync(Alice, default)).Payout);
    }

    [Theory]
    [InlineData("""[]""", "must be an object")]
    [InlineData("""{ "network": "eip155:1", "names": {} }""", "network must be")]
    [InlineData("""{ "network": "local" }""", "names must be")]
    [InlineData("""{ "network": "local", "names": {}, "nmaes": {} }""", "nmaes")]
    [InlineData("""{ "network": "local", "names": { "Alice.eth": { "accounts": [] } } }""", "Alice.eth")]
    [InlineData("""{ "network": "local", "names": { "a.eth": { "accounts": [] } } }""", "1 to 16 addresses")]
    [InlineData("""{ "network": "local", "names": { "a.eth": { "accounts": ["0x12"] } } }""", "40 hex digits")]
    [InlineData("""{ "network": "local", "names": { "a.eth": { "accounts": ["0x1111111111111111111111111111111111111111"], "stake": 5 } } }""", "decimal string")]
    [InlineData("""{ "network": "local", "names": { "a.eth": { "accounts": ["0x1111111111111111111111111111111111111111"], "state": 5 } } }""", "must be a string")]
    [InlineData("""{ "network": "local", "names": { "a.eth": { "accounts": ["0x1111111111111111111111111111111111111111"], "transport": "a,b,c,d,e,f,g,h,i" } } }""", "more than 8 peers")]
    [InlineData("""{ "network": "local", "names": {}, "names": {} }""", "duplicate")]
    public void A_broken_file_fails_the_start_and_says_why(string json, string because)
    {
        File.WriteAllText(NamesPath, json);
        var message = Assert.Throws<OptionsValidationException>(Make).Message;
        Assert.Contains(because, message);
        Assert.Contains(NamesPath, message);
    }

    [Theory]
    [InlineData("accounts", """{ "accounts": ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"] }""")]
    [InlineData("payout", """{ "accounts": ["0x1111111111111111111111111111111111111111"], "payout": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD" }""")]
    public async Task An_address_with_a_wrong_checksum_is_not_taken_and_the_right_one_is_told(string key, string entry)
    {
        Write(entry);
        var message = Assert.Throws<OptionsValidationException>(Make).Message;
        Assert.Contains($"miner.alice.eth.{key}: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD' has a wrong checksum", message);
        Assert.Contains("it is spelled 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", message);

        // And written into a file that was good, it leaves the names without an answer, never with this one.
        Write($$"""{ "accounts": ["{{One}}"] }""");
        var identity = Make();
        Write(entry);
        time.Advance(TimeSpan.FromSeconds(5));
        var answer = await identity.ResolveAsync(Alice, default);
        Assert.Equal(IdentityStatus.Unavailable, answer.Status);
        Assert.Contains("wrong checksum", answer.Detail);
    }

    [Fact]
    public void A_missing_file_fails_the_start_and_shows_the_form() =>
        Assert.Contains("\"accounts\"", Assert.Throws<OptionsValidationException>(Make).Message);

    [Fact]
    public void All_problems_of_a_file_are_said_at_once()
    {
        File.WriteAllText(NamesPath, """{ "network": "x", "names": { "a.eth": { "accounts": [] }, "b": {} } }""");
        var message = Assert.Throws<OptionsValidationException>(Make).Message;
        Assert.All(["network must", "a.eth.accounts", "'b' is not"], part => Assert.Contains(part, message));
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused()
    {
        using (var file = File.Create(NamesPath))
        {
            file.SetLength(NamesFile.MaxBytes + 1);
        }

        Assert.Contains("at most", Assert.Throws<OptionsValidationException>(Make).Message);
    }

    private EmbeddedIdentity Make() => new(NamesPath, time, NullLogger<EmbeddedIdentity>.Instance);

    private void Write(string entry) =>
        File.WriteAllText(NamesPath, $$"""{ "network": "local", "names": { "miner.alice.eth": {{entry}} } }""");
}
