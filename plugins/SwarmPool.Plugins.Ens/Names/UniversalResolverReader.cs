using System.Buffers.Binary;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Abi;
using SwarmPool.Plugins.Ens.Chain;
using SwarmPool.Plugins.Ens.Offchain;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>Asks the Universal Resolver, a contract that finds the resolver and calls it: one request for any number of names.</summary>
internal sealed class UniversalResolverReader(EthAddress contract, OffchainClient offchain) : INameReader
{
    private const uint ResolverNotFound = 0x77209fe8;
    private const uint ResolverNotContract = 0x1e9535f2;

    public async Task<Task<NameReading>[]> ReadAsync(ChainView view, IReadOnlyList<NameQuery> queries, CancellationToken cancellationToken)
    {
        var calls = new List<ContractCall>();
        var counts = new int[queries.Count];
        for (var i = 0; i < queries.Count; i++)
        {
            var dnsName = NameEncoding.Dns(queries[i].Name);
            var records = queries[i].Records(NameEncoding.NodesToRoot(queries[i].Name)[0]);
            counts[i] = records.Length;
            calls.AddRange(records.Select(record => new ContractCall(contract, ResolverCalls.Extended(dnsName, record))));
        }

        ReadOnlyMemory<ContractCall> asked = calls.ToArray();
        ReadOnlyMemory<ContractAnswer> answers = await view.CallAsync(calls, cancellationToken);
        var readings = new Task<NameReading>[queries.Count];
        var at = 0;
        for (var i = 0; i < readings.Length; i++)
        {
            readings[i] = ReadAsync(view, asked.Slice(at, counts[i]), answers.Slice(at, counts[i]));
            at += counts[i];
        }

        return readings;
    }

    private async Task<NameReading> ReadAsync(ChainView view, ReadOnlyMemory<ContractCall> calls, ReadOnlyMemory<ContractAnswer> given)
    {
        var answers = await offchain.FollowAsync(view, calls, given);
        if (answers.Any(static answer => answer.Reverted && answer.Data.Length >= AbiCall.SelectorBytes
            && BinaryPrimitives.ReadUInt32BigEndian(answer.Data) is ResolverNotFound or ResolverNotContract))
        {
            return NameReading.None("neither it nor a name above it has a resolver");
        }

        return new NameReading([.. answers.Select(Unwrap)], null);
    }

    // (bytes result, address resolver)
    private static ContractAnswer Unwrap(ContractAnswer answer)
    {
        if (answer.Reverted)
        {
            return answer;
        }

        return new AbiReader(answer.Data).TryBytes(0, out var inner)
            ? ContractAnswer.Returned(inner.ToArray())
            : new ContractAnswer(Reverted: true, [], "what is at the Universal Resolver's address does not answer as one would");
    }
}
