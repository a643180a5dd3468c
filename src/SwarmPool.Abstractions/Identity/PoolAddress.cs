using SwarmPool.Transport;

namespace SwarmPool.Identity;

/// <summary>What a name's records say of where its pool is.</summary>
/// <param name="Status">
/// Known: its records were read, whatever they say. Unknown: there is no such name, or the provider knows nothing of where pools are.
/// Unavailable: can't tell now.
/// </param>
/// <param name="Place">What they say; <see cref="PoolLocation.Nowhere"/> unless known.</param>
/// <param name="Block">The block they were read at; 0 where the network has none.</param>
/// <param name="ValidFor">How long the answer may be used; greater than zero. <see cref="TimeSpan.MaxValue"/>: it will never be another.</param>
/// <param name="Problems">What stands in the records and can't be used, for people; or why nothing can be told. At most a few.</param>
public sealed record PoolAddress(IdentityStatus Status, PoolLocation Place, long Block, TimeSpan ValidFor, IReadOnlyList<string> Problems)
{
    /// <summary>What a provider says that knows nothing of where pools are.</summary>
    public static PoolAddress Silent { get; } = new(IdentityStatus.Unknown, PoolLocation.Nowhere, 0, TimeSpan.MaxValue, []);

    /// <summary>It can't be told now.</summary>
    public static PoolAddress Unavailable(TimeSpan validFor, string detail) => new(IdentityStatus.Unavailable, PoolLocation.Nowhere, 0, validFor, [detail]);
}
