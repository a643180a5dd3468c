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
/// moment and announced together, so that many who ask the same cost one signature.
/// </summary>
internal sealed class ReplyBatcher(Sequencer sequencer, AnnouncementWriter writer, AnnouncementPublisher publisher, INonceSource nonces, TimeProvider time)
{
    private const int MaxWaiting = 4096;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly Channel<Answer> waiting = Channel.CreateBounded<Answer>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    /// <summary>Answers with a refusal. When too many wait it is dropped: the sender will ask again.</summary>
    public void Refuse(string type, object item) => waiting.Writer.TryWrite(new Answer(type, item, default, default));

    /// <summary>Answers with the job's present condition.</summary>
    public void Repeat(Cid job) => waiting.Writer.TryWrite(new Answer(null, null, job, default));

    /// <summary>Answers with the miner's registration.</summary>
    public void Repeat(EnsName miner) => waiting.Writer.TryWrite(new Answer(null, null, default, miner));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            await Task.Delay(Gathering, time, cancellationToken);
            var announcements = new AnnouncementBatch();
            var jobs = new HashSet<Cid>();
            var miners = new HashSet<EnsName>();
            while (waiting.Reader.TryRead(out var answer))
            {
                if (answer.Type is not null)
                {
                    announcements.Add(answer.Type, answer.Item!);
                }
                else if (!answer.Job.IsEmpty)
                {
                    jobs.Add(answer.Job);
                }
                else
                {
                    miners.Add(answer.Miner);
                }
            }

            var at = await sequencer.AskAsync(state => Describe(state, jobs, miners, announcements), cancellationToken);
            var header = new AnnouncementHeader(0, 0, default, at, Encoding.ASCII.GetBytes(nonces.Next()));
            foreach (var announcement in await writer.WriteAsync(header, announcements, cancellationToken))
            {
                await publisher.PublishAsync(announcement, cancellationToken);
            }
        }
    }

    private long Describe(PoolState state, HashSet<Cid> jobs, HashSet<EnsName> miners, AnnouncementBatch announcements)
    {
        foreach (var cid in jobs)
        {
            if (state.Jobs.TryGet(cid, out var job))
            {
                AnnouncementItems.AddCondition(announcements, job);
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

    private readonly record struct Answer(string? Type, object? Item, Cid Job, EnsName Miner);
}
