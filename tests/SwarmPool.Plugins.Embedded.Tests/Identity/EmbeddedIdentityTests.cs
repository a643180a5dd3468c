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
