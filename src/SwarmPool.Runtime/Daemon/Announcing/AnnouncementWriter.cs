using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Roles;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>What all announcements of one header have in common.</summary>
/// <param name="At">Unix ms.</param>
/// <param name="Seed">What the nonces are derived from: the same header always gives the same bytes.</param>
internal sealed record AnnouncementHeader(long FromSequence, long ToSequence, ReadOnlyMemory<byte> Head, long At, ReadOnlyMemory<byte> Seed);

/// <summary>Makes signed announcements of items: as few as fit the size of a snapshot.</summary>
internal sealed class AnnouncementWriter(PartyIdentity identity, ILogger<AnnouncementWriter> logger)
{
    private const int MaxItems = 128;

    public async ValueTask<List<SignedSnapshot>> WriteAsync(AnnouncementHeader header, AnnouncementBatch announcements, CancellationToken cancellationToken)
    {
        var written = new List<SignedSnapshot>();
        foreach (var (type, items) in announcements.ByType)
        {
            for (var at = 0; at < items.Count; at += MaxItems)
            {
                await WriteAsync(header, type, items.GetRange(at, Math.Min(MaxItems, items.Count - at)), at, written, cancellationToken);
            }
        }

        return written;
    }

    // Long names and model lists can make even 128 items too large: then halves are tried, the same split each time.
    private async ValueTask WriteAsync(
        AnnouncementHeader header, string type, List<object> items, int place, List<SignedSnapshot> written, CancellationToken cancellationToken)
    {
        try
        {
            written.Add(await identity.SignAsync(Make(header, type, items, place), cancellationToken));
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
            await WriteAsync(header, type, items.GetRange(0, half), place, written, cancellationToken);
            await WriteAsync(header, type, items.GetRange(half, items.Count - half), place + half, written, cancellationToken);
        }
    }

    // The codes of a snapshot's form; a signer's own trouble is not the items'.
    private static bool IsForm(SwarmPoolException e) => e.Code.StartsWith("SP20", StringComparison.Ordinal);

    private Announcement Make(AnnouncementHeader header, string type, List<object> items, int place) => type switch
    {
        SnapshotTypes.JobsNew => Fill(New<JobsNew>(), header, type, items, place),
        SnapshotTypes.JobsRejected => Fill(New<JobsRejected>(), header, type, items, place),
        SnapshotTypes.JobsCancelled => Fill(New<JobsCancelled>(), header, type, items, place),
        SnapshotTypes.JobsFailed => Fill(New<JobsFailed>(), header, type, items, place),
        SnapshotTypes.ClaimsAccepted => Fill(New<ClaimsAccepted>(), header, type, items, place),
        SnapshotTypes.ClaimsRejected => Fill(New<ClaimsRejected>(), header, type, items, place),
        SnapshotTypes.ClaimsTimeout => Fill(New<ClaimsTimeout>(), header, type, items, place),
        SnapshotTypes.ProofsAccepted => Fill(New<ProofsAccepted>(), header, type, items, place),
        SnapshotTypes.ProofsRejected => Fill(New<ProofsRejected>(), header, type, items, place),
        SnapshotTypes.ProofsCommitted => Fill(New<ProofsCommitted>(), header, type, items, place),
        SnapshotTypes.ChecksNew => Fill(New<ChecksNew>(), header, type, items, place),
        SnapshotTypes.ChecksDecided => Fill(New<ChecksDecided>(), header, type, items, place),
        SnapshotTypes.MinersJoined => Fill(New<MinersJoined>(), header, type, items, place),
        SnapshotTypes.MinersRejected => Fill(New<MinersRejected>(), header, type, items, place),
        SnapshotTypes.RevocationsAccepted => Fill(New<RevocationsAccepted>(), header, type, items, place),
        SnapshotTypes.RevocationsRejected => Fill(New<RevocationsRejected>(), header, type, items, place),
        SnapshotTypes.EpochsOpened => Fill(New<EpochsOpened>(), header, type, items, place),
        SnapshotTypes.EpochsSealed => Fill(New<EpochsSealed>(), header, type, items, place),
        _ => throw new InvalidOperationException($"'{type}' is no announcement."),
    };

    // Every required member is set here, once for all types.
    private Announcement Fill<TItem>(Announcement<TItem> empty, AnnouncementHeader header, string type, List<object> items, int place) => empty with
    {
        Pool = identity.Pool,
        Network = identity.Network,
        Timestamp = header.At / 1000,
        Nonce = Nonce.FromHash([.. header.Seed.Span, .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type}#{place}"))]),
        FromSequence = header.FromSequence,
        ToSequence = header.ToSequence,
        JournalHead = header.ToSequence == 0 ? null : Convert.ToHexStringLower(header.Head.Span),
        Items = items.ConvertAll(item => (TItem)item),
    };

    private static T New<T>()
        where T : Announcement => Activator.CreateInstance<T>();
}
