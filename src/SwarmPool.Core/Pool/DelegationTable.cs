using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>
/// The delegations that the pool knows of, by the delegating name and the delegation's digest: one that somebody else revoked does not
/// count as the name's. Those that have expired are worth nothing and are forgotten.
/// </summary>
internal sealed class DelegationTable
{
    private readonly SortedDictionary<(EnsName Name, string Digest), DelegationEntry> byId = new(Order.Instance);
    private readonly Dictionary<EnsName, int> ofName = [];
    private readonly PriorityQueue<(EnsName Name, string Digest), long> byExpiry = new();

    public IReadOnlyCollection<DelegationEntry> InOrder => byId.Values;

    public int Count => byId.Count;

    /// <summary>How many of a name's are remembered.</summary>
    public int CountOf(EnsName name) => ofName.GetValueOrDefault(name);

    public DelegationEntry? Find(EnsName name, string digest) => byId.GetValueOrDefault((name, digest));

    public void Set(DelegationEntry entry)
    {
        var id = (entry.Name, entry.Digest);
        if (!byId.ContainsKey(id))
        {
            ofName[entry.Name] = CountOf(entry.Name) + 1;
            byExpiry.Enqueue(id, entry.ExpiresMs);
        }

        byId[id] = entry;
    }

    /// <summary>
    /// Books what a job of the delegation's costs; less than zero gives it back. One that is forgotten has nothing to book, nor has one
    /// of which only the revocation is known.
    /// </summary>
    public void Spend(EnsName name, string digest, long micro)
    {
        if (Find(name, digest) is { Role: not null } entry)
        {
            byId[(name, digest)] = entry with { SpentMicro = entry.SpentMicro + micro };
        }
    }

    public void Forget(long at)
    {
        while (byExpiry.TryPeek(out var id, out var expires) && expires <= at)
        {
            byExpiry.Dequeue();
            byId.Remove(id);
            if (--ofName[id.Name] == 0)
            {
                ofName.Remove(id.Name);
            }
        }
    }

    private sealed class Order : IComparer<(EnsName Name, string Digest)>
    {
        public static Order Instance { get; } = new();

        public int Compare((EnsName Name, string Digest) x, (EnsName Name, string Digest) y) =>
            x.Name.CompareTo(y.Name) is var names && names != 0 ? names : string.CompareOrdinal(x.Digest, y.Digest);
    }
}

/// <summary>A delegation.</summary>
/// <param name="Name">Who delegated.</param>
/// <param name="Digest">Its identity.</param>
/// <param name="ExpiresMs">Unix ms: worth nothing from then on.</param>
/// <param name="Role">What for; null when it was revoked before the pool knew of it.</param>
/// <param name="Key">Who may sign; null as <paramref name="Role"/>.</param>
/// <param name="Cap">The most that its jobs may cost; null but for a client's.</param>
/// <param name="SpentMicro">What its open and paid jobs cost, in micro-USDC.</param>
/// <param name="RevokedAt">Unix ms; null while it stands.</param>
/// <param name="Revocation">What took it back; null while it stands.</param>
internal sealed record DelegationEntry(
    EnsName Name, string Digest, long ExpiresMs, string? Role = null, EthAddress? Key = null, Usdc? Cap = null, long SpentMicro = 0, long? RevokedAt = null,
    Cid? Revocation = null);
