using SwarmPool.Identity;

namespace SwarmPool.Core.Pool;

/// <summary>The clients whose jobs were at fault lately, by name. One whose job is decided is removed.</summary>
internal sealed class ClientTable
{
    private readonly SortedDictionary<EnsName, ClientEntry> byName = [];

    public IReadOnlyCollection<ClientEntry> InOrder => byName.Values;

    public ClientEntry? Find(EnsName name) => byName.GetValueOrDefault(name);

    public void Set(ClientEntry client) => byName[client.Name] = client;

    public void Remove(EnsName name) => byName.Remove(name);
}

/// <param name="Strikes">Jobs of its in a row that were at fault.</param>
/// <param name="PauseUntil">Unix ms: no new job is taken before.</param>
internal sealed record ClientEntry(EnsName Name, int Strikes, long PauseUntil);
