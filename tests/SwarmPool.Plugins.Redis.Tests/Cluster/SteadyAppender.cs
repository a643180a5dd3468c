using SwarmPool.Plugins.Redis.Journal;
using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.Plugins.Redis.Tests.Cluster;

/// <summary>
/// Appends batch after batch until it is told to stop. What fails as unavailable it looks up, as a daemon that starts again does: the batch is
/// in, or it is not, and then it goes on from there.
/// </summary>
internal sealed class SteadyAppender
{
    private const int Batch = 5;

    private readonly RedisJournal journal;
    private readonly JournalLease lease;
    private readonly List<JournalRecord> chain = [];
    private readonly Task appending;
    private volatile bool isOver;
    private int acknowledged;

    public SteadyAppender(RedisJournal journal, JournalLease lease)
    {
        (this.journal, this.lease) = (journal, lease);
        appending = AppendAsync();
    }

    /// <summary>How many batches were acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref acknowledged);

    /// <summary>Waits until so many more batches were acknowledged.</summary>
    public async Task UntilMoreAsync(int batches)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        for (var goal = Acknowledged + batches; Acknowledged < goal;)
        {
            if (appending.IsFaulted)
            {
                await appending;
            }

            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>Stops, and sees that the journal holds every record that was acknowledged, once and in order, and none but those that were appended.</summary>
    public async Task HoldsAsync()
    {
        isOver = true;
        await appending;
        Assert.Equal(
            chain.Select(one => (one.Sequence, Convert.ToHexString(one.Hash.Span))),
            (await JournalChains.ReadAsync(journal)).Select(one => (one.Sequence, Convert.ToHexString(one.Hash.Span))));
    }

    private async Task AppendAsync()
    {
        while (!isOver)
        {
            var batch = JournalChains.After(chain.Count == 0 ? JournalHead.Empty : JournalChains.HeadOf(chain), Batch);
            if (await IsInAsync(batch))
            {
                chain.AddRange(batch);
            }
        }
    }

    private async Task<bool> IsInAsync(List<JournalRecord> batch)
    {
        try
        {
            await journal.AppendAsync(lease, batch, default);
            Interlocked.Increment(ref acknowledged);
            return true;
        }
        catch (JournalException e) when (e.Fault is JournalFault.Unavailable or JournalFault.NoRoom)
        {
            var head = await HeadAsync();
            Assert.Contains(head.Sequence, new[] { batch[0].Sequence - 1, batch[^1].Sequence });
            return head.Sequence == batch[^1].Sequence;
        }
    }

    private async Task<JournalHead> HeadAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            try
            {
                return await journal.HeadAsync(default);
            }
            catch (JournalException e) when (e.Fault is JournalFault.Unavailable or JournalFault.NoRoom)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }
}
