using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Abi;
using SwarmPool.Plugins.Ens.Chain;
using SwarmPool.Plugins.Ens.Offchain;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>
/// Walks the registry: the first resolver from the name upwards answers for it, one above the name only if it says that it
/// answers for names below (ENSIP-10). Two requests for any number of names: who resolves them, then what they say.
/// </summary>
internal sealed class RegistryReader(EthAddress registry, OffchainClient offchain) : INameReader
{
    public async Task<Task<NameReading>[]> ReadAsync(ChainView view, IReadOnlyList<NameQuery> queries, CancellationToken cancellationToken)
    {
        var walks = queries.Select(static query => new Walk(query)).ToArray();
        await FindResolversAsync(view, walks, cancellationToken);
        var calls = walks.SelectMany(static walk => walk.Calls()).ToList();
        var answers = await view.CallAsync(calls, cancellationToken);
        var readings = new Task<NameReading>[walks.Length];
        var at = 0;
        for (var i = 0; i < walks.Length; i++)
        {
            var count = walks[i].CallCount;
            readings[i] = ReadAsync(view, walks[i], answers.AsMemory(at, count));
            at += count;
        }

        return readings;
    }

    // Names share what is above them, so each node is asked for once.
    private async Task FindResolversAsync(ChainView view, Walk[] walks, CancellationToken cancellationToken)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var calls = new List<ContractCall>();
        foreach (var node in walks.SelectMany(static walk => walk.Nodes))
        {
            if (places.TryAdd(Convert.ToHexString(node), calls.Count))
            {
                calls.Add(new ContractCall(registry, ResolverCalls.ResolverOfNode(node)));
            }
        }

        var answers = await view.CallAsync(calls, cancellationToken);
        foreach (var walk in walks)
        {
            walk.Settle(node => answers[places[Convert.ToHexString(node)]]);
        }
    }

    private async Task<NameReading> ReadAsync(ChainView view, Walk walk, ReadOnlyMemory<ContractAnswer> answers)
    {
        if (walk.Problem is { } problem)
        {
            return NameReading.None(problem);
        }

        var calls = walk.Calls().ToArray();
        var count = walk.Records.Length;
        var first = answers.Span[0];
        if (first.Reverted || !new AbiReader(first.Data).TryBoolean(0, out var extended) || !extended)
        {
            return walk.IsAbove
                ? NameReading.None($"its resolver {walk.Resolver}, set at a name above it, does not answer for names below")
                : new NameReading(await offchain.FollowAsync(view, calls.AsMemory(1 + count, count), answers.Slice(1 + count, count)), null);
        }

        var wrapped = await offchain.FollowAsync(view, calls.AsMemory(1, count), answers.Slice(1, count));
        return new NameReading([.. wrapped.Select(Unwrap)], null);
    }

    private static ContractAnswer Unwrap(ContractAnswer answer)
    {
        if (answer.Reverted)
        {
            return answer;
        }

        return new AbiReader(answer.Data).TryBytes(0, out var inner)
            ? ContractAnswer.Returned(inner.ToArray())
            : new ContractAnswer(Reverted: true, [], "its resolver's answer to resolve(bytes,bytes) does not have that form");
    }

    /// <summary>One name on its way up.</summary>
    private sealed class Walk(NameQuery query)
    {
        public byte[][] Nodes { get; } = NameEncoding.NodesToRoot(query.Name);

        public byte[][] Records { get; private set; } = [];

        public EthAddress Resolver { get; private set; }

        /// <summary>Whether the resolver is set at a name above.</summary>
        public bool IsAbove { get; private set; }

        public string? Problem { get; private set; }

        public int CallCount => Problem is null ? 1 + (IsAbove ? 1 : 2) * Records.Length : 0;

        public void Settle(Func<byte[], ContractAnswer> resolverOf)
        {
            for (var i = 0; i < Nodes.Length; i++)
            {
                var answer = resolverOf(Nodes[i]);
                if (answer.Reverted || !new AbiReader(answer.Data).TryAddress(0, out var resolver))
                {
                    Problem = "the ENS registry does not answer for it: check its address";
                    return;
                }

                if (resolver != default)
                {
                    (Resolver, IsAbove, Records) = (resolver, i > 0, query.Records(Nodes[0]));
                    return;
                }
            }

            Problem = "neither it nor a name above it has a resolver";
        }

        /// <summary>Is it one for many names; the records asked so; and asked plainly, where the resolver is the name's own.</summary>
        public IEnumerable<ContractCall> Calls()
        {
            if (Problem is not null)
            {
                yield break;
            }

            yield return new ContractCall(Resolver, ResolverCalls.IsExtended);
            var dnsName = NameEncoding.Dns(query.Name);
            foreach (var record in Records)
            {
                yield return new ContractCall(Resolver, ResolverCalls.Extended(dnsName, record));
            }

            foreach (var record in IsAbove ? [] : Records)
            {
                yield return new ContractCall(Resolver, record);
            }
        }
    }
}
