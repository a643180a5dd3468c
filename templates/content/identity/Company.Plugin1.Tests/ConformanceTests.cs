using SwarmPool.Identity;
using SwarmPool.Testing.Identity;

namespace Company.Plugin1.Tests;

/// <summary>The slot's contract. What this plugin does beyond it is tested beside.</summary>
public sealed class ConformanceTests : IdentitySuite, IDisposable
{
    private static readonly EthAddress Account = EthAddress.Parse("0x1111111111111111111111111111111111111111");
    private readonly string folder = Directory.CreateTempSubdirectory("names-").FullName;

    protected override EnsName KnownName { get; } = EnsName.Parse("miner.alice.eth");

    protected override IReadOnlyCollection<EthAddress> KnownAccounts { get; } = [Account];

    protected override EthAddress KnownPayout => Account;

    private string Names => Path.Combine(folder, "names.txt");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    protected override IIdentityProvider Make()
    {
        File.WriteAllText(Names, $"client.eth 0x2222222222222222222222222222222222222222\n{KnownName} {Account}\n");
        return new NameList(new IdentityOptions(), folder);
    }

    protected override ValueTask BreakSourceAsync(IIdentityProvider provider)
    {
        File.Delete(Names);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask MendSourceAsync(IIdentityProvider provider)
    {
        Make();
        return ValueTask.CompletedTask;
    }
}
