using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Testing.App;

/// <summary>An epoch that was settled and sealed.</summary>
/// <param name="Cid">The CID of the signed epoch.</param>
/// <param name="Epoch">What the pool signed of it.</param>
/// <param name="Payouts">Who is paid how much.</param>
public sealed record TestEpoch(Cid Cid, EpochSnapshot Epoch, IReadOnlyList<PayoutItem> Payouts);
