using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Auditing;

/// <summary>What an epoch's settlement is made from and what it gave, as its pages hold it.</summary>
/// <param name="Proofs">What was decided.</param>
/// <param name="Payouts">Who is paid what.</param>
/// <param name="Earlier">Whom the settlement before listed.</param>
internal sealed record EpochPages(IReadOnlyList<EpochProofItem> Proofs, IReadOnlyList<PayoutItem> Payouts, IReadOnlyList<Payee> Earlier)
{
    public EpochSize Size => new(Proofs.Count, Payouts.Count, Earlier.Count);
}

/// <summary>How long those lists are: who reads them once more knows when to stop.</summary>
internal readonly record struct EpochSize(int Proofs, int Payouts, int Earlier);
