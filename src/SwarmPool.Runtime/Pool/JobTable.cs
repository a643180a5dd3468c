using System.Diagnostics.CodeAnalysis;
using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Pool;

/// <summary>
/// The pool's jobs: by CID for decisions, and in pages by number for ordered walks and for publishing
/// (a page that did not change keeps its CID).
/// </summary>
internal sealed class JobTable
{
    /// <summary>Jobs a page: a page of full entries stays below 64 KiB.</summary>
    public const int PageSize = 128;

    private readonly Dictionary<Cid, JobEntry> byCid = [];
    private readonly SortedDictionary<long, SortedDictionary<long, JobEntry>> pages = [];
    private readonly Dictionary<EnsName, int> openByClient = [];

    public int Count => byCid.Count;

    public long PendingCount { get; private set; }

    public long ClaimedCount { get; private set; }

    /// <summary>What all pending and claimed jobs would pay, in micro-USDC.</summary>
    public long OpenVolumeMicro { get; private set; }

    /// <summary>How many pending and claimed jobs a client has.</summary>
    public int OpenOf(EnsName client) => openByClient.GetValueOrDefault(client);

    /// <summary>Pages changed since they were last taken; soft, not part of the state.</summary>
    public SortedSet<long> ChangedPages { get; } = [];

    public IEnumerable<long> PageNumbers => pages.Keys;

    public bool TryGet(Cid cid, [NotNullWhen(true)] out JobEntry? job) => byCid.TryGetValue(cid, out job);

    public JobEntry this[Cid cid] => byCid[cid];

    /// <summary>All jobs in the order of their numbers.</summary>
    public IEnumerable<JobEntry> InOrder() => pages.Values.SelectMany(page => page.Values);

    public IEnumerable<JobEntry> Page(long page) => pages.TryGetValue(page, out var entries) ? entries.Values : [];

    public void Add(JobEntry job)
    {
        byCid.Add(job.Cid, job);
        var page = job.Number / PageSize;
        if (!pages.TryGetValue(page, out var entries))
        {
            pages.Add(page, entries = []);
        }

        entries.Add(job.Number, job);
        Tally(job, 1);
        Touch(job);
    }

    public void Remove(JobEntry job)
    {
        byCid.Remove(job.Cid);
        var page = job.Number / PageSize;
        pages[page].Remove(job.Number);
        if (pages[page].Count == 0)
        {
            pages.Remove(page);
        }

        Tally(job, -1);
        Touch(job);
    }

    public void SetPhase(JobEntry job, JobPhase phase)
    {
        Tally(job, -1);
        job.Phase = phase;
        Tally(job, 1);
        Touch(job);
    }

    public void Touch(JobEntry job) => ChangedPages.Add(job.Number / PageSize);

    private void Tally(JobEntry job, int by)
    {
        if (job.IsOpen)
        {
            OpenVolumeMicro += by * job.Price.Micro;
            var open = openByClient.GetValueOrDefault(job.Client) + by;
            if (open > 0)
            {
                openByClient[job.Client] = open;
            }
            else
            {
                openByClient.Remove(job.Client);
            }
        }

        if (job.Phase == JobPhase.Pending)
        {
            PendingCount += by;
        }
        else if (job.Phase == JobPhase.Claimed)
        {
            ClaimedCount += by;
        }
    }
}
