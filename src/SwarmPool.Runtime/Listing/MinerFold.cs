using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Listing;

/// <summary>What each registered miner did, from events alone.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class MinerFold
{
    private readonly Dictionary<EnsName, ListedMiner> miners = [];
    private readonly Dictionary<Cid, List<EnsName>> atWork = []; // Who holds which job.

    /// <summary>The miners that have their place still.</summary>
    public IEnumerable<ListedMiner> Miners => miners.Values;

    public void Apply(PoolRecord record)
    {
        foreach (var e in record.Events)
        {
            Apply(e, record.At);
        }
    }

    private void Apply(PoolEvent e, long at)
    {
        switch (e)
        {
            case MinerRegistered registered: Register(registered, at); break;
            case JobClaimed claimed: Claim(claimed, at); break;
            case LeaseEnded ended:
                LetGo(ended.Cid, ended.Miner);
                Change(ended.Miner, static one => one with { Lapsed = one.Lapsed + 1 });
                break;
            case ProofAccepted proof:
                LetGo(proof.Cid, proof.Miner);
                Change(proof.Miner, one => one with { Proofs = one.Proofs + 1, LastAt = at });
                break;
            case JobDecided decided:
                LetGo(decided.Cid);
                foreach (var part in decided.Parts)
                {
                    Change(part.Miner, one => one with { Decided = one.Decided + 1, Volume = one.Volume + part.Price });
                }

                break;
            case JobFailed failed: LetGo(failed.Cid); break;
            case JobCancelled cancelled: LetGo(cancelled.Cid); break;
            default: break; // About no miner.
        }
    }

    private void Register(MinerRegistered e, long at)
    {
        if (e.InPlaceOf is { } idle)
        {
            miners.Remove(idle); // It had done nothing.
        }

        var one = miners.GetValueOrDefault(e.Miner) ?? new ListedMiner(e.Miner, MinerListStatus.Idle, e.Mode, [], [], e.Payout, at, at, 0, 0, 0, 0, Usdc.Zero);
        miners[e.Miner] = one with { Mode = e.Mode, Models = e.Models, Gpus = e.Gpus, Offers = e.Offers, Payout = e.Payout, LastAt = at };
    }

    private void Claim(JobClaimed e, long at)
    {
        if (!atWork.TryGetValue(e.Cid, out var holders))
        {
            atWork.Add(e.Cid, holders = new List<EnsName>(1));
        }

        holders.Add(e.Miner);
        Change(e.Miner, one => one with { AtWork = one.AtWork + 1, Status = MinerListStatus.Working, LastAt = at });
    }

    private void LetGo(Cid job, EnsName miner)
    {
        if (atWork.TryGetValue(job, out var holders) && holders.Remove(miner))
        {
            Free(miner);
            if (holders.Count == 0)
            {
                atWork.Remove(job);
            }
        }
    }

    // The job is over: nobody works on it any longer.
    private void LetGo(Cid job)
    {
        if (atWork.Remove(job, out var holders))
        {
            holders.ForEach(Free);
        }
    }

    private void Free(EnsName miner) =>
        Change(miner, static one => one with { AtWork = one.AtWork - 1, Status = one.AtWork > 1 ? MinerListStatus.Working : MinerListStatus.Idle });

    private void Change(EnsName miner, Func<ListedMiner, ListedMiner> change)
    {
        if (miners.TryGetValue(miner, out var one))
        {
            miners[miner] = change(one);
        }
    }
}
