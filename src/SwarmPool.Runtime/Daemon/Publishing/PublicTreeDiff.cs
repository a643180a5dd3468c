using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>What the pages of jobs and miners are as files, and how that differs from what they were.</summary>
/// <remarks>Not thread-safe. Remembers the files of each page, so that what is gone can be told.</remarks>
internal sealed class PublicTreeDiff
{
    private readonly Dictionary<long, HashSet<PublicFile>> jobFiles = [];
    private readonly Dictionary<long, HashSet<PublicFile>> minerFiles = [];
    private readonly Dictionary<long, HashSet<Cid>> unpaid = [];

    /// <summary>The changes of a page of jobs. Accepted proofs are only ever added: they go with their epoch.</summary>
    public IEnumerable<PublicFile> OfJobs(StatePages.JobPage page)
    {
        HashSet<PublicFile> now =
        [
            .. page.Pending.Select(static item => new PublicFile($"jobs/pending/{item.Cid}", item.Cid)),
            .. page.Claimed.Select(static item => new PublicFile($"jobs/claimed/{item.JobCid}", item.JobCid)),
        ];
        return Difference(jobFiles, page.Number, now).Concat(page.Ended.SelectMany(static job => job.Proofs).Select(Proof));
    }

    /// <summary>The jobs of a page that ended without counting since it was last looked at.</summary>
    public IReadOnlyList<Cid> NewlyUnpaid(StatePages.JobPage page)
    {
        HashSet<Cid> now = [.. page.Ended.Where(static job => job.Unpaid).Select(static job => job.Job)];
        var before = unpaid.GetValueOrDefault(page.Number);
        if (now.Count == 0)
        {
            unpaid.Remove(page.Number);
        }
        else
        {
            unpaid[page.Number] = now;
        }

        return [.. now.Where(job => before?.Contains(job) != true)];
    }

    /// <summary>The jobs of a page that wait, are at work or count in no sealed epoch yet, each with its proofs.</summary>
    public static IEnumerable<(Cid Job, IReadOnlyList<Cid> Proofs)> UnsealedJobs(StatePages.JobPage page)
    {
        var proved = page.Ended.Where(static job => job.Unsealed).ToDictionary(static job => job.Job, static job => job.Proofs);
        return page.Pending.Select(static item => item.Cid).Concat(page.Claimed.Select(static item => item.JobCid)).Union(proved.Keys)
            .Select(job => (job, proved.GetValueOrDefault(job) ?? []));
    }

    /// <summary>The changes of a page of miners, whose contents are put first.</summary>
    public async ValueTask<IReadOnlyList<PublicFile>> OfMinersAsync(StatePages.MinerPage page, IContentStore content, CancellationToken cancellationToken)
    {
        var known = minerFiles.GetValueOrDefault(page.Number) ?? [];
        var now = new HashSet<PublicFile>();
        foreach (var miner in page.Joined)
        {
            var bytes = SnapshotCodec.EncodePage<MinerJoinedItem>([miner]);
            var file = new PublicFile($"miners/{miner.Miner}", ContentAddress.Of(bytes));
            if (!known.Contains(file))
            {
                await content.PutAsync(bytes, cancellationToken);
            }

            now.Add(file);
        }

        return [.. Difference(minerFiles, page.Number, now)];
    }

    public static PublicFile Proof(Cid proof) => new($"proofs/{proof}", proof);

    private static List<PublicFile> Difference(Dictionary<long, HashSet<PublicFile>> pages, long number, HashSet<PublicFile> now)
    {
        var before = pages.GetValueOrDefault(number) ?? [];
        var paths = now.Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        List<PublicFile> changes =
        [
            .. before.Where(file => !paths.Contains(file.Path)).Select(static file => file with { Content = default }),
            .. now.Where(file => !before.Contains(file)),
        ];
        if (now.Count == 0)
        {
            pages.Remove(number);
        }
        else
        {
            pages[number] = now;
        }

        return changes;
    }
}
