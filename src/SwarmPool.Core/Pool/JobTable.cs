using System.Diagnostics.CodeAnalysis;
using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>
/// The pool's jobs: by CID for decisions, and in pages by number for ordered walks and for publishing
/// (a page that did not change keeps its CID).
/// </summary>
internal sealed class JobTable
{
    /// <summary>Jobs a page: a page of full entries stays below 64 KiB.</summary>
    public const int PageSize = 128;

    private readonly Dictionary<Cid, JobEntry> byCid = [];
    private readonly Dictionary<long, JobPage> pages = [];
    private readonly HashSet<long> changed = [];
    private readonly Dictionary<EnsName, ClientLoad> byClient = [];

    /// <summary>The jobs that wait and are at work, by what they are for.</summary>
    public JobQueues Queues { get; } = new();

    public int Count => byCid.Count;

    public long PendingCount { get; private set; }

    public long ClaimedCount { get; private set; }

    /// <summary>What all pending and claimed jobs would pay, in micro-USDC.</summary>
    public long OpenVolumeMicro { get; private set; }

    /// <summary>How many pending and claimed jobs a client has.</summary>
    public int OpenOf(EnsName client) => LoadOf(client).Open;

    /// <summary>What a client's jobs take up here.</summary>
    public ClientLoad LoadOf(EnsName client) => byClient.GetValueOrDefault(client);

    /// <summary>Pages changed since <see cref="ForgetChanges"/>, in order; soft, not part of the state.</summary>
    public IEnumerable<long> ChangedPages => changed.Order();

    public IEnumerable<long> PageNumbers => pages.Keys.Order();

    public bool TryGet(Cid cid, [NotNullWhen(true)] out JobEntry? job) => byCid.TryGetValue(cid, out job);

    public JobEntry this[Cid cid] => byCid[cid];

    /// <summary>The job of that number, unless it is forgotten.</summary>
    public JobEntry? Find(long number) => pages.TryGetValue(number / PageSize, out var page) ? page[number] : null;

    /// <summary>All jobs in the order of their numbers.</summary>
    public IEnumerable<JobEntry> InOrder() => PageNumbers.SelectMany(Page);

    public IEnumerable<JobEntry> Page(long page) => pages.TryGetValue(page, out var entries) ? entries.InOrder() : [];

    public void Add(JobEntry job)
    {
        byCid.Add(job.Cid, job);
        var page = job.Number / PageSize;
        if (!pages.TryGetValue(page, out var entries))
        {
            pages.Add(page, entries = new JobPage());
        }

        entries.Add(job);
        Tally(job, 1);
        Touch(job);
    }

    public void Remove(JobEntry job)
    {
        byCid.Remove(job.Cid);
        var page = job.Number / PageSize;
        if (pages[page].Remove(job) == 0)
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

    public void Touch(JobEntry job) => changed.Add(job.Number / PageSize);

    public void ForgetChanges() => changed.Clear();

    private void Tally(JobEntry job, int by)
    {
        Queues.Tally(job, by);
        OpenVolumeMicro += job.IsOpen ? by * job.Price.Micro : 0;
        var load = LoadOf(job.Client).With(job, by);
        if (load.Held > 0)
        {
            byClient[job.Client] = load;
        }
        else
        {
            byClient.Remove(job.Client);
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

    /// <summary>The jobs whose numbers fall into one page, each in its place.</summary>
    private sealed class JobPage
    {
        private readonly JobEntry?[] places = new JobEntry?[PageSize];
        private int count;

        public JobEntry? this[long number] => places[number % PageSize];

        public void Add(JobEntry job)
        {
            places[job.Number % PageSize] = job;
            count++;
        }

        /// <summary>Takes a job out; says how many are left.</summary>
        public int Remove(JobEntry job)
        {
            places[job.Number % PageSize] = null;
            return --count;
        }

        public IEnumerable<JobEntry> InOrder() => places.OfType<JobEntry>();
    }
}
