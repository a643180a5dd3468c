using SwarmPool.Identity;

namespace SwarmPool.Core.Pool;

/// <summary>The clients whose jobs were at fault lately, by name. One whose job is decided is removed.</summary>
internal sealed class ClientTable
{
    /// <summary>Clients that are remembered; beyond that the one whose pause ended first is forgotten.</summary>
    public const int Most = 100_000;

    private readonly SortedDictionary<EnsName, ClientEntry> byName = [];
    private readonly SortedSet<(long PauseUntil, EnsName Name)> byPause = [];

    public IReadOnlyCollection<ClientEntry> InOrder => byName.Values;

    public ClientEntry? Find(EnsName name) => byName.GetValueOrDefault(name);

    public void Set(ClientEntry client)
    {
        Remove(client.Name);
        if (byName.Count >= Most)
        {
            Remove(byPause.Min.Name);
        }

        byName.Add(client.Name, client);
        byPause.Add((client.PauseUntil, client.Name));
    }

    public void Remove(EnsName name)
    {
        if (byName.Remove(name, out var client))
        {
            byPause.Remove((client.PauseUntil, name));
        }
    }
}

/// <param name="Strikes">Jobs of its in a row that were at fault.</param>
/// <param name="PauseUntil">Unix ms: no new job is taken before.</param>
internal sealed record ClientEntry(EnsName Name, int Strikes, long PauseUntil);
