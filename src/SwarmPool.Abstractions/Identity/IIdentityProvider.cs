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

    /// <summary>
    /// Asks an account that is a contract, as a Safe is, whether a signature is its own (ERC-1271). Where accounts are never contracts
    /// the answer is <see cref="ContractStatus.NoContract"/>, which is also what a provider that doesn't implement this says.
    /// </summary>
    /// <param name="account">One of a name's accounts.</param>
    /// <param name="hash">The 32 bytes that were signed: those of EIP-191 over the signing text.</param>
    /// <param name="signature">The signature, in whatever form the contract takes; 1 to 4,096 bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the contract says. A contract that fails refuses; a fault on the way is <see cref="ContractStatus.Unavailable"/>, never an exception.</returns>
    ValueTask<ContractCheckResult> AskContractAsync(
        EthAddress account, ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ContractCheckResult(ContractStatus.NoContract, 0, ""));

    /// <summary>
    /// Where the pool of that name is, by the name's records; see <see cref="PoolAddress"/>. A provider that doesn't implement this knows
    /// nothing of it: then those who look for a pool have to be told by their configuration.
    /// </summary>
    /// <param name="name">The pool's name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the records say, bounded in size. A fault on the way is <see cref="IdentityStatus.Unavailable"/>, never an exception.</returns>
    ValueTask<PoolAddress> FindPoolAsync(EnsName name, CancellationToken cancellationToken) => ValueTask.FromResult(PoolAddress.Silent);
}
