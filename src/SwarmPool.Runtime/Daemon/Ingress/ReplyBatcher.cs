using System.Text;
using System.Threading.Channels;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// Answers that need no record: refusals, and repeated questions about a job or a registration. They are collected for a
/// moment and announced together, so that many who ask the same cost one signature. Answers to what a name signed have places of their own,
/// shared among peers and names; what nobody's signature was checked for has few, and takes none of theirs.
/// </summary>
internal sealed class ReplyBatcher(Sequencer sequencer, AnnouncementWriter writer, AnnouncementPublisher publisher, INonceSource nonces, TimeProvider time)
{
    // So many fit a message of 16 KiB with the longest names and reasons: a larger one would be stored, and nobody may fill the store by asking.
    private const int MostOfOne = 12;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PendingReplies waiting = new(time);

    /// <summary>Answers a signed message with a refusal. When its name or its peer has more than its share waiting it is dropped: the sender will ask again.</summary>
    public void Refuse(IngressMessage asked, string type, object item) => Add(waiting.Add(asked, new Reply(type, item, default, default)));

    /// <summary>Answers with the job's present condition.</summary>
    public void Repeat(IngressMessage asked, Cid job) => Add(waiting.Add(asked, new Reply(null, null, job, default)));

    /// <summary>Answers with the miner's registration.</summary>
    public void Repeat(IngressMessage asked, EnsName miner) => Add(waiting.Add(asked, new Reply(null, null, default, miner)));

    /// <summary>Answers with the job's present condition, at most once a second, whoever it was that asked: nobody's signature was checked, or it was before.</summary>
    public void RepeatUnsigned(IngressMessage asked, Cid job) => Add(waiting.AddUnsigned(asked.Peer, job));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await signal.Reader.ReadAsync(cancellationToken))
        {
            await Task.Delay(Gathering, time, cancellationToken);
            var announcements = new AnnouncementBatch();
            var jobs = new HashSet<Cid>();
            var miners = new HashSet<EnsName>();
            var replies = waiting.TakeAll();
            Add(waiting.Count > 0); // What waits for the next second.
            if (replies.Count == 0)
            {
                continue;
            }

            foreach (var reply in replies)
            {
                if (reply.Type is not null)
                {
                    announcements.Add(reply.Type, reply.Item!);
                }
                else if (!reply.Job.IsEmpty)
                {
                    jobs.Add(reply.Job);
                }
                else
                {
                    miners.Add(reply.Miner);
                }
            }

            var at = await sequencer.AskAsync(state => Describe(state, jobs, miners, announcements), cancellationToken);
            foreach (var part in Parts(announcements))
            {
                var header = new AnnouncementHeader(0, 0, default, at, Encoding.ASCII.GetBytes(nonces.Next()));
                foreach (var announcement in await writer.WriteAsync(header, part, cancellationToken))
                {
                    await publisher.PublishAsync(announcement, cancellationToken);
                }
            }
        }
    }

    private static IEnumerable<AnnouncementBatch> Parts(AnnouncementBatch all)
    {
        foreach (var (type, items) in all.ByType)
        {
            foreach (var some in items.Chunk(MostOfOne))
            {
                var part = new AnnouncementBatch();
                Array.ForEach(some, item => part.Add(type, item));
                yield return part;
            }
        }
    }

    private void Add(bool added)
    {
        if (added)
        {
            signal.Writer.TryWrite(true);
        }
    }

    private long Describe(PoolState state, HashSet<Cid> jobs, HashSet<EnsName> miners, AnnouncementBatch announcements)
    {
        foreach (var cid in jobs)
        {
            if (state.Jobs.TryGet(cid, out var job))
            {
                AnnouncementItems.AddCondition(announcements, job, state, CheckAnnouncements.Commits(state));
            }
        }

        foreach (var name in miners)
        {
            if (state.Miners.TryGet(name, out var miner))
            {
                announcements.Add(SnapshotTypes.MinersJoined, AnnouncementItems.Joined(miner));
            }
        }

        return Math.Max(state.At, time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
