namespace SwarmPool.Identity;

/// <summary>
/// The identity slot: which accounts may sign for a name, and where it is paid.
/// </summary>
/// <remarks>
/// All members are thread-safe. Results are not cached here: the runtime caches each for its
/// <see cref="IdentityAnswer.ValidFor"/>, lets a known one live on for its <see cref="IdentityAnswer.Grace"/> while the provider can't
/// tell, and asks for one name at most once at a time.
/// "No such name" and "can't tell now" are different answers; a transport fault is the latter, never an exception
/// (only cancellation throws).
/// </remarks>
public interface IIdentityProvider
{
    /// <summary>What names live on: "local", or a CAIP-2 chain such as "eip155:1". Part of every signing text.</summary>
    string Network { get; }

    /// <summary>Resolves a name at the newest block the provider trusts.</summary>
    ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken);
}
