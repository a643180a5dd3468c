using System.Collections.Concurrent;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Messaging;

/// <summary>Hands each item that the pool announces about a job to the one who deals with that job: one look-up an item.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class JobEventDispatcher
{
    private readonly ConcurrentDictionary<Cid, JobEventHandler> listeners = new();

    public int Count => listeners.Count;

    /// <summary>False when somebody deals with the job already.</summary>
    public bool TryOpen(Cid job, JobEventHandler listener) => listeners.TryAdd(job, listener);

    public bool IsOpen(Cid job) => listeners.ContainsKey(job);

    public void Close(Cid job) => listeners.TryRemove(job, out _);

    public void Hear(Snapshot announcement)
    {
        switch (announcement)
        {
            case JobsNew a: Each(a, static item => item.Cid, static (l, item) => l.OnWaiting(item)); break;
            case JobsRejected a: Each(a, static item => item.Cid, static (l, item) => l.OnRefused(item)); break;
            case JobsCancelled a: Each(a, static item => item.Cid, static (l, item) => l.OnCancelled(item)); break;
            case JobsFailed a: Each(a, static item => item.Cid, static (l, item) => l.OnFailed(item)); break;
            case ClaimsAccepted a: Each(a, static item => item.JobCid, static (l, item) => l.OnClaimed(item)); break;
            case ClaimsRejected a: Each(a, static item => item.JobCid, static (l, item) => l.OnClaimRefused(item)); break;
            case ClaimsTimeout a: Each(a, static item => item.JobCid, static (l, item) => l.OnClaimEnded(item)); break;
            case ProofsCommitted a: Each(a, static item => item.JobCid, static (l, item) => l.OnCommitted(item)); break;
            case ChecksDecided a: Each(a, static item => item.JobCid, static (l, item) => l.OnCheckDecided(item)); break;
            case ProofsAccepted a: Each(a, static item => item.JobCid, static (l, item) => l.OnProved(item)); break;
            case ProofsRejected a: Each(a, static item => item.JobCid, static (l, item) => l.OnProofRefused(item)); break;
            default: break; // Not about jobs.
        }
    }

    private void Each<TItem>(Announcement<TItem> announcement, Func<TItem, Cid> job, Action<JobEventHandler, TItem> tell)
    {
        foreach (var item in announcement.Items)
        {
            if (listeners.TryGetValue(job(item), out var listener))
            {
                tell(listener, item);
            }
        }
    }
}
