using SwarmPool.Core.Auditing;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Auditing;

/// <summary>The epochs that an epoch stands on, by the CID that each names of the one before: one signature binds them all.</summary>
/// <remarks>Immutable; thread-safe. It holds CIDs only: a pool has 8,760 epochs of an hour in a year.</remarks>
internal sealed class EpochChain
{
    private readonly Dictionary<long, Cid> cids = [];

    private EpochChain(long last) => (First, Last) = (last, last);

    /// <summary>The number of the oldest epoch that was reached.</summary>
    public long First { get; private set; }

    /// <summary>The number of the newest.</summary>
    public long Last { get; }

    public Cid this[long number] => cids[number];

    /// <summary>All of them, by number.</summary>
    public IReadOnlyDictionary<long, Cid> Cids => cids;

    /// <summary>One of its epochs, which was seen to be one when the chain was walked.</summary>
    public async ValueTask<EpochSnapshot> FetchAsync(long number, EpochSource source, CancellationToken cancellationToken) =>
        (await source.EpochAsync(cids[number], cancellationToken)).Body;

    /// <summary>Walks back from an epoch.</summary>
    /// <param name="last">The epoch.</param>
    /// <param name="oldest">How far; where the chain breaks before that, it is a finding.</param>
    /// <param name="source">Where epochs come from.</param>
    /// <param name="tally">Is told how far it is.</param>
    /// <param name="findings">Is told of a break.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<EpochChain> WalkAsync(
        SignedSnapshot last, long oldest, EpochSource source, AuditProgressReporter tally, AuditFindings findings, CancellationToken cancellationToken)
    {
        var (cid, epoch) = (last.Cid, (EpochSnapshot)last.Body);
        var chain = new EpochChain(epoch.Number);
        while (true)
        {
            chain.cids[epoch.Number] = cid;
            chain.First = epoch.Number;
            tally.Look(epoch.Number);
            if (epoch.Number <= oldest)
            {
                return chain;
            }

            findings.Subject = epoch.EpochId + ": ";
            if (epoch.PreviousEpoch is not { } before)
            {
                findings.Add("it names no previous epoch, but is not the first");
                return chain;
            }

            var previous = (await source.EpochAsync(before, cancellationToken)).Body;
            if (previous.Number != epoch.Number - 1)
            {
                findings.Add(FormattableString.Invariant($"the previous epoch {before} has number {previous.Number}"));
                return chain;
            }

            (cid, epoch) = (before, previous);
        }
    }
}
