using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Chain;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>A name and which of its records are wanted.</summary>
/// <param name="Name">The name.</param>
/// <param name="Records">Makes the resolver's calls for the name's node.</param>
internal sealed record NameQuery(EnsName Name, Func<byte[], byte[][]> Records);

/// <summary>What a name's resolver answered, record by record; or why there is nothing to ask.</summary>
/// <param name="Records">One answer a record; empty with a problem.</param>
/// <param name="Problem">Why the name has no resolver; null when it has one.</param>
internal sealed record NameReading(IReadOnlyList<ContractAnswer> Records, string? Problem)
{
    public static NameReading None(string problem) => new([], problem);
}

/// <summary>Finds the resolvers of names and reads their records, all at one block.</summary>
/// <remarks>Thread-safe.</remarks>
internal interface INameReader
{
    /// <summary>
    /// One reading a query, in their order. Those that are read from the chain alone are done; the others wait for gateways, which
    /// must keep nobody else, and may end in <see cref="Offchain.OffchainException"/> or <see cref="Rpc.RpcException"/>.
    /// </summary>
    /// <exception cref="Rpc.RpcException">The node gave no answer.</exception>
    Task<Task<NameReading>[]> ReadAsync(ChainView view, IReadOnlyList<NameQuery> queries, CancellationToken cancellationToken);
}
