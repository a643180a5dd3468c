using System.Globalization;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Retention;

/// <summary>The last sealed epochs, so many of them; found from the newest backwards, as they name each other.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class KeptEpochs(EpochContents contents, int keep)
{
    private readonly Queue<KeptEpoch> kept = new();
    private Cid newest;

    /// <summary>False while there are not more sealed epochs than are kept, by the open one's id ("epoch-7").</summary>
    public bool MayBeTooOld(string openEpoch) =>
        !long.TryParse(openEpoch.AsSpan(openEpoch.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number - 1 > keep;

    /// <summary>Goes on to the newest epoch: those that are new, oldest first, and those that are now too old.</summary>
    /// <remarks>
    /// The first time one more than is kept is found, and is too old: whoever let go of it may have been cut off in the middle.
    /// </remarks>
    public async ValueTask<(IReadOnlyList<KeptEpoch> Added, IReadOnlyList<KeptEpoch> TooOld)> AdvanceAsync(Cid to, CancellationToken cancellationToken)
    {
        var found = new Stack<KeptEpoch>();
        for (var cid = to; !cid.IsEmpty && cid != newest && found.Count <= keep;)
        {
            var epoch = await contents.EpochAsync(cid, cancellationToken);
            found.Push(new KeptEpoch(cid, epoch));
            cid = epoch.PreviousEpoch ?? default;
        }

        var added = found.ToList();
        added.ForEach(kept.Enqueue);
        newest = to;
        var tooOld = new List<KeptEpoch>();
        while (kept.Count > keep)
        {
            tooOld.Add(kept.Dequeue());
        }

        return (added, tooOld);
    }
}

/// <summary>A sealed epoch and its CID.</summary>
internal sealed record KeptEpoch(Cid Cid, EpochSnapshot Epoch);
