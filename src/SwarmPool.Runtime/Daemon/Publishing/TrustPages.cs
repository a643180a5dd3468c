using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Content;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>
/// What payees' work was found to be, as pages: in the order of payee and model, cut where the payees' addresses have another first byte, so that a
/// newcomer moves nobody else's page. Only pages that changed are made again.
/// </summary>
internal sealed class TrustPages(IContentStore content)
{
    private readonly SortedDictionary<byte, IReadOnlyList<Cid>> pages = [];
    private readonly Dictionary<byte, int> captured = [];
    private readonly SortedDictionary<byte, IReadOnlyList<TrustItem>> unstored = [];
    private bool isWanted;

    /// <summary>What changed since the last capture is copied; runs on the sequencer between two batches.</summary>
    public TrustPages Capture(PoolState state)
    {
        isWanted = state.Checks is not null || state.Trust.Count > 0;
        var hold = state.Checks?.HoldEpochs ?? 0;
        var seen = new HashSet<byte>();
        foreach (var group in state.Trust.InOrder.GroupBy(static entry => FirstByte(entry)))
        {
            seen.Add(group.Key);
            var hash = default(HashCode);
            foreach (var entry in group)
            {
                hash.Add(HashCode.Combine(entry.Payee, entry.Model, entry.Record, entry.HeldMicro, entry.Decided, entry.Held?.Count));
            }

            if (!captured.TryGetValue(group.Key, out var before) || before != hash.ToHashCode())
            {
                captured[group.Key] = hash.ToHashCode();
                unstored[group.Key] = [.. group.Select(entry => Item(entry, hold))];
            }
        }

        foreach (var gone in captured.Keys.Where(key => !seen.Contains(key)).ToList())
        {
            captured.Remove(gone);
            unstored[gone] = [];
        }

        return this;
    }

    /// <summary>Stores what was captured. What a transport does not take is stored the next time.</summary>
    public async ValueTask StoreAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, items) in unstored.ToList())
        {
            var cids = new List<Cid>(1);
            foreach (var page in items.Count == 0 ? [] : PageTree.Encode(items, items.Count))
            {
                cids.Add(await content.PutAsync(page, cancellationToken));
            }

            if (cids.Count == 0)
            {
                pages.Remove(key);
            }
            else
            {
                pages[key] = cids;
            }

            unstored.Remove(key);
        }
    }

    /// <summary>What a state names of them; null where no work is checked.</summary>
    public async ValueTask<IReadOnlyList<Cid>?> NameAsync(CancellationToken cancellationToken) =>
        isWanted ? await PageTree.NameAsync(Stored, bytes => content.PutAsync(bytes, cancellationToken)) : null;

    /// <summary>All pages.</summary>
    public IReadOnlyList<Cid> Stored => [.. pages.Values.SelectMany(static cids => cids)];

    private static byte FirstByte(TrustEntry entry) => Convert.FromHexString(entry.Payee.ToString().AsSpan(2, 2))[0];

    private static TrustItem Item(TrustEntry entry, int hold) => new(
        entry.Payee, entry.Model, entry.Decided, entry.Checked, entry.Wrong, entry.Marks, entry.LlrMilliNats, entry.HeldMicro, entry.Record)
    {
        StruckAt = entry.StruckAt,
        Held = entry.Held?.ConvertAll(held => new HeldItem(held.Epoch, held.Epoch + hold, held.Micro)),
    };
}
