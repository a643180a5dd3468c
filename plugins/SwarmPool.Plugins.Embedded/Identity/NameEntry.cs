using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Identity;

/// <summary>What the names file says about one name.</summary>
internal sealed record NameEntry(IReadOnlyList<EthAddress> Accounts, EthAddress Payout, Usdc? Stake, PoolLocation Place);
