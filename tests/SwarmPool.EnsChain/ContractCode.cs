using System.Text.Json;

namespace SwarmPool.EnsChain;

/// <summary>The contracts' creation code: ENS's from its packages, our own small ones from contracts/bytecode.json.</summary>
public static class ContractCode
{
    private static readonly Lazy<JsonElement> Own = new(static () => Read(Path.Combine(ChainFolder.Path, "contracts/bytecode.json")));

    /// <summary>The ENS registry.</summary>
    public static string Registry { get; } = Packaged("@ensdomains/ens/build/contracts/ENSRegistry.json");

    /// <summary>ENS's public resolver.</summary>
    public static string PublicResolver { get; } = Packaged("@ensdomains/resolver/build/contracts/PublicResolver.json");

    /// <summary>One of our own, by its name.</summary>
    public static string Of(string contract) => Own.Value.GetProperty(contract).GetString()!;

    private static string Packaged(string path) => Read(ChainFolder.Package(path)).GetProperty("bytecode").GetString()!;

    private static JsonElement Read(string path) => JsonElement.Parse(File.ReadAllBytes(path));
}
