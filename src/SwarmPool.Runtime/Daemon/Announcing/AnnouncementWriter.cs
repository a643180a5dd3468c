using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>What all announcements of one occasion have in common.</summary>
/// <param name="At">Unix ms.</param>
/// <param name="Seed">What the nonces are derived from: the same occasion always gives the same bytes.</param>
internal sealed record Occasion(long FromSequence, long ToSequence, ReadOnlyMemory<byte> Head, long At, ReadOnlyMemory<byte> Seed);

/// <summary>Makes signed announcements of items: as few as fit the size of a snapshot.</summary>
internal sealed class AnnouncementWriter(EnsName pool, string network, ISigner signer, ILogger<AnnouncementWriter> logger, Cid? delegation = null)
{
    private const int MaxItems = 128;

    public async ValueTask<List<SignedSnapshot>> WriteAsync(Occasion occasion, NoticeList notices, CancellationToken cancellationToken)
    {
        var written = new List<SignedSnapshot>();
        foreach (var (type, items) in notices.ByType)
        {
            for (var at = 0; at < items.Count; at += MaxItems)
            {
                await WriteAsync(occasion, type, items.GetRange(at, Math.Min(MaxItems, items.Count - at)), at, written, cancellationToken);
            }
        }

        return written;
    }

    // Long names and model lists can make even 128 items too large: then halves are tried, the same split each time.
    private async ValueTask WriteAsync(
        Occasion occasion, string type, List<object> items, int place, List<SignedSnapshot> written, CancellationToken cancellationToken)
    {
        try
        {
            written.Add(await SnapshotCodec.SignAsync(Make(occasion, type, items, place), signer, cancellationToken));
        }
        catch (SwarmPoolException e) when (IsForm(e) && items.Count == 1)
        {
            // An item that no reader would take must not keep the pool from saying everything else, at every start anew.
            DaemonLog.NotSayable(logger, e, type, e.Message);
        }
        catch (SwarmPoolException e) when (IsForm(e))
        {
            // Too large, or one of them is wrong.
            var half = items.Count / 2;
            await WriteAsync(occasion, type, items.GetRange(0, half), place, written, cancellationToken);
            await WriteAsync(occasion, type, items.GetRange(half, items.Count - half), place + half, written, cancellationToken);
        }
    }

    // The codes of a snapshot's form; a signer's own trouble is not the items'.
    private static bool IsForm(SwarmPoolException e) => e.Code.StartsWith("SP20", StringComparison.Ordinal);

    private Announcement Make(Occasion occasion, string type, List<object> items, int place) => type switch
    {
        SnapshotTypes.JobsNew => Fill(New<JobsNew>(), occasion, type, items, place),
        SnapshotTypes.JobsRejected => Fill(New<JobsRejected>(), occasion, type, items, place),
        SnapshotTypes.JobsCancelled => Fill(New<JobsCancelled>(), occasion, type, items, place),
        SnapshotTypes.JobsFailed => Fill(New<JobsFailed>(), occasion, type, items, place),
        SnapshotTypes.ClaimsAccepted => Fill(New<ClaimsAccepted>(), occasion, type, items, place),
        SnapshotTypes.ClaimsRejected => Fill(New<ClaimsRejected>(), occasion, type, items, place),
        SnapshotTypes.ClaimsTimeout => Fill(New<ClaimsTimeout>(), occasion, type, items, place),
        SnapshotTypes.ProofsAccepted => Fill(New<ProofsAccepted>(), occasion, type, items, place),
        SnapshotTypes.ProofsRejected => Fill(New<ProofsRejected>(), occasion, type, items, place),
        SnapshotTypes.MinersJoined => Fill(New<MinersJoined>(), occasion, type, items, place),
        SnapshotTypes.MinersRejected => Fill(New<MinersRejected>(), occasion, type, items, place),
        SnapshotTypes.RevocationsAccepted => Fill(New<RevocationsAccepted>(), occasion, type, items, place),
        SnapshotTypes.RevocationsRejected => Fill(New<RevocationsRejected>(), occasion, type, items, place),
        SnapshotTypes.EpochsOpened => Fill(New<EpochsOpened>(), occasion, type, items, place),
        SnapshotTypes.EpochsSealed => Fill(New<EpochsSealed>(), occasion, type, items, place),
        _ => throw new InvalidOperationException($"'{type}' is no announcement."),
    };

    // Every required member is set here, once for all types.
    private Announcement Fill<TItem>(Announcement<TItem> empty, Occasion occasion, string type, List<object> items, int place) => empty with
    {
        Pool = pool,
        Network = network,
        Delegation = delegation,
        Timestamp = occasion.At / 1000,
        Nonce = Nonce.FromHash([.. occasion.Seed.Span, .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type}#{place}"))]),
        FromSequence = occasion.FromSequence,
        ToSequence = occasion.ToSequence,
        JournalHead = occasion.ToSequence == 0 ? null : Convert.ToHexStringLower(occasion.Head.Span),
        Items = items.ConvertAll(item => (TItem)item),
    };

    private static T New<T>()
        where T : Announcement => Activator.CreateInstance<T>();
}
