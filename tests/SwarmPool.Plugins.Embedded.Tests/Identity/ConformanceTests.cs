using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Plugins.Embedded.Identity;
using SwarmPool.Testing.Identity;

namespace SwarmPool.Plugins.Embedded.Tests.Identity;

public sealed class ConformanceTests : IdentitySuite, IDisposable
{
    private const string Names = """
        { "network": "local", "names": { "miner.alice.eth": {
          "accounts": ["0x1111111111111111111111111111111111111111", "0x2222222222222222222222222222222222222222"],
          "payout": "0x2222222222222222222222222222222222222222" } } }
        """;

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    protected override EnsName KnownName { get; } = EnsName.Parse("miner.alice.eth");

    protected override IReadOnlyCollection<EthAddress> KnownAccounts { get; } =
        [EthAddress.Parse("0x1111111111111111111111111111111111111111"), EthAddress.Parse("0x2222222222222222222222222222222222222222")];

    protected override EthAddress KnownPayout => KnownAccounts.Last();

    private string NamesPath => folder.File("names.json");

    public void Dispose() => folder.Dispose();

    protected override IIdentityProvider Make()
    {
        File.WriteAllText(NamesPath, Names);
        return new EmbeddedIdentity(NamesPath, time, NullLogger<EmbeddedIdentity>.Instance);
    }

    protected override ValueTask BreakSourceAsync(IIdentityProvider provider) => Write("{ \"network\": ");

    protected override ValueTask MendSourceAsync(IIdentityProvider provider) => Write(Names);

    private ValueTask Write(string text)
    {
        File.WriteAllText(NamesPath, text);
        time.Advance(TimeSpan.FromSeconds(5));
        return ValueTask.CompletedTask;
    }
}
