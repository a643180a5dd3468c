using SwarmPool.Settlement;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>Which replicas of a job agree, and what each of them gets.</summary>
internal static class ReplicaAgreement
{
    /// <summary>The replicas whose output more than half of all gave; empty when there is no such output.</summary>
    public static List<ReplicaProof> Of(List<ReplicaProof> proofs)
    {
        foreach (var candidate in proofs)
        {
            var same = proofs.FindAll(p => p.OutputCid == candidate.OutputCid);
            if (same.Count * 2 > proofs.Count)
            {
                return same;
            }
        }

        return [];
    }

    /// <summary>Equal parts in whole micro-units; what does not divide goes, a micro-unit each, to those with the lowest fences.</summary>
    public static List<PaidPart> Split(Usdc price, List<ReplicaProof> proofs)
    {
        var (part, rest) = Math.DivRem(price.Micro, proofs.Count);
        proofs.Sort(static (a, b) => a.Fence.CompareTo(b.Fence));
        return proofs.ConvertAll(p => new PaidPart(p.ProofCid, p.Miner, p.Payee, p.Mode, Usdc.FromMicro(part + (rest-- > 0 ? 1 : 0))));
    }
}
