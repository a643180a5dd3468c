using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Accounts;
using SwarmPool.Plugins.Ens.Chain;
using SwarmPool.Plugins.Ens.Names;
using SwarmPool.Plugins.Ens.Offchain;
using SwarmPool.Plugins.Ens.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ens;

/// <summary>Which account may sign for a name and where it is paid, read from ENS at one block.</summary>
internal sealed class EnsIdentity : IIdentityProvider
{
    /// <summary>How soon a name may be asked for again that no node could tell of.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly EnsOptions options;
    private readonly ChainNodes nodes;
    private readonly INameReader reader;
    private readonly RequestBatcher<IdentityAnswer> gatherer;
    private readonly SmartAccounts contracts;
    private readonly ILogger logger;
    private readonly int quorum;

    internal EnsIdentity(EnsOptions options, ChainNodes nodes, INameReader reader, TimeProvider time, ILogger<EnsIdentity> logger)
    {
        (this.options, this.nodes, this.reader, this.logger) = (options, nodes, reader, logger);
        quorum = EnsOptionsCheck.Quorum(options);
        contracts = new SmartAccounts(nodes, quorum, TimeSpan.FromSeconds(options.LifetimeSeconds), time);
        gatherer = new RequestBatcher<IdentityAnswer>(options.NamesPerRequest, time, AskAsync);
    }

    public string Network => options.Network;

    public async ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken) =>
        await gatherer.AskAsync(name, cancellationToken);

    public async ValueTask<PoolAddress> FindPoolAsync(EnsName name, CancellationToken cancellationToken)
    {
        try
        {
            // One name alone, and seldom: nothing to gather.
            return await nodes.ReadAsync(
                async (view, limit) =>
                {
                    var readings = await reader.ReadAsync(view, [LocationRecords.Query(name)], limit);
                    return PlaceOf(await readings[0], view.Block);
                },
                alone: true,
                cancellationToken);
        }
        catch (OffchainException fault) when (!fault.IsPassing)
        {
            return new PoolAddress(IdentityStatus.Unknown, PoolLocation.Nowhere, 0, TimeSpan.FromSeconds(options.UnknownLifetimeSeconds), [fault.Message]);
        }
        catch (Exception fault) when (fault is RpcException or OffchainException)
        {
            return PoolAddress.Unavailable(RetryAfter, fault.Message);
        }
    }

    public async ValueTask<ContractCheckResult> AskContractAsync(
        EthAddress account, ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken) =>
        await contracts.AskAsync(account, hash, signature, cancellationToken);

    /// <param name="options">Options that were validated.</param>
    /// <param name="clients">Makes the clients of <see cref="ChainRpcHttp"/> and <see cref="GatewayHttp"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public static EnsIdentity Create(EnsOptions options, IHttpClientFactory clients, TimeProvider time, ILogger<EnsIdentity> logger)
    {
        var timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        var channel = new ChainRpcChannel(clients, timeout, time);
        var offchain = new OffchainClient(options.Offchain ? new Gateway(clients, timeout, time) : null, time);
        var chainId = EnsOptionsCheck.ChainId(options.Network)!.Value;
        var places = options.Endpoints.Select(text => Endpoint.TryParse(text, out var endpoint)
            ? new ChainNode(endpoint, channel, chainId, options.Block, time)
            : throw new InvalidOperationException("An endpoint that was not validated."));
        INameReader ens = options.Lookup == EnsLookup.Universal
            ? new UniversalResolverReader(EthAddress.Parse(options.UniversalResolver), offchain)
            : new RegistryReader(EthAddress.Parse(options.Registry), offchain);
        return new EnsIdentity(options, new ChainNodes([.. places], time, logger), ens, time, logger);
    }

    private Task<Task<IdentityAnswer>[]> AskAsync(IReadOnlyList<EnsName> names) => quorum > 1 ? AskAllAsync(names) : AskOneAsync(names);

    private async Task<Task<IdentityAnswer>[]> AskOneAsync(IReadOnlyList<EnsName> names)
    {
        try
        {
            return await ReadAsync(names);
        }
        catch (RpcException fault) when (names.Count > 1 && fault.MayBeOneNames)
        {
            // One name's contracts must not stand between the others and their answer.
            EnsLog.AskedAlone(logger, names.Count, fault.Fault);
            return [.. names.Select(AskAloneAsync)];
        }
        catch (RpcException fault)
        {
            return [.. names.Select(_ => Task.FromResult(Unavailable(fault.Message)))];
        }
    }

    private async Task<IdentityAnswer> AskAloneAsync(EnsName name)
    {
        var answers = await AskOneAsync([name]);
        return await answers[0];
    }

    private async Task<Task<IdentityAnswer>[]> AskAllAsync(IReadOnlyList<EnsName> names)
    {
        try
        {
            var views = await nodes.OpenAllAsync(quorum, CancellationToken.None);
            var asked = views.Select(view => AskNodeAsync(view, names)).ToArray();
            return [.. names.Select((name, i) => AgreeAsync(name, views, [.. asked.Select(answers => answers[i])]))];
        }
        catch (RpcException fault)
        {
            return [.. names.Select(_ => Task.FromResult(Unavailable(fault.Message)))];
        }
    }

    // One request for all; where one name's contracts may be at fault, one for each.
    private Task<IdentityAnswer>[] AskNodeAsync(NodeView node, IReadOnlyList<EnsName> names)
    {
        var read = ReadAsync(node.View, names, CancellationToken.None);
        return [.. names.Select((name, i) => AnswerOfAsync(name, i))];

        async Task<IdentityAnswer> AnswerOfAsync(EnsName name, int at)
        {
            try
            {
                var answers = await read;
                node.Succeeded();
                return await answers[at];
            }
            catch (RpcException fault) when (names.Count > 1 && fault.MayBeOneNames)
            {
                return await AskNodeAsync(node, [name])[0];
            }
            catch (RpcException fault)
            {
                node.Failed(fault);
                return Unavailable(fault.Message);
            }
        }
    }

    private async Task<IdentityAnswer> AgreeAsync(EnsName name, IReadOnlyList<NodeView> views, IReadOnlyList<Task<IdentityAnswer>> asked)
    {
        var ballot = new Ballot<IdentityAnswer>(views, quorum, Said);
        var (agreed, count) = await ballot.CountAsync(asked);
        if (agreed is not null)
        {
            foreach (var (node, other) in ballot.Said.Where(one => !Said(one.Answer)!.Equals(Said(agreed))))
            {
                EnsLog.Outvoted(logger, node, name.Text, count, Shown(other));
            }

            return agreed;
        }

        if (ballot.IsDisputed)
        {
            var answers = string.Join("; ", ballot.Said.Select(static one => $"{one.Node} says that {Shown(one.Answer)}"));
            EnsLog.Disputed(logger, name.Text, answers);
            return IdentityAnswer.Disputed(RetryAfter, $"{quorum} Ethereum nodes have to say the same; {answers}");
        }

        return Unavailable($"{ballot.Said.Count} of {options.Endpoints.Count} nodes answered, and {quorum} have to say the same: {(ballot.Silent.Count > 0 ? ballot.Silent[0].Detail : "the others are behind")}");
    }

    // That a name can't be looked up says nothing about it.
    private static object? Said(IdentityAnswer answer) => answer.Status switch
    {
        IdentityStatus.Known => (answer.Accounts[0], answer.Payout),
        IdentityStatus.Unknown => IdentityStatus.Unknown,
        _ => null,
    };

    private static string Shown(IdentityAnswer answer) => answer.Status == IdentityStatus.Known
        ? $"it is {answer.Accounts[0]} and paid at {answer.Payout}"
        : "there is no such name";

    private async Task<Task<IdentityAnswer>[]> ReadAsync(ChainView view, IReadOnlyList<EnsName> names, CancellationToken cancellationToken)
    {
        var readings = await reader.ReadAsync(view, [.. names.Select(AccountRecords.Query)], cancellationToken);
        return [.. readings.Select(reading => AnswerAsync(reading, view.Block))];
    }

    private async Task<Task<IdentityAnswer>[]> ReadAsync(IReadOnlyList<EnsName> names)
    {
        return await nodes.ReadAsync((view, limit) => ReadAsync(view, names, limit), alone: names.Count == 1, CancellationToken.None);
    }

    private async Task<IdentityAnswer> AnswerAsync(Task<NameReading> read, long block)
    {
        try
        {
            var (account, payout, problem) = AccountRecords.Read(await read);
            return problem is not null
                ? Unknown(problem, block)
                : new IdentityAnswer(IdentityStatus.Known, [account], payout, block, TimeSpan.FromSeconds(options.LifetimeSeconds))
                {
                    Grace = TimeSpan.FromSeconds(options.GraceSeconds),
                };
        }
        catch (OffchainException fault)
        {
            return fault.IsPassing ? Unavailable(fault.Message) : Unknown(fault.Message, block);
        }
        catch (RpcException fault)
        {
            return Unavailable(fault.Message);
        }
    }

    private PoolAddress PlaceOf(NameReading reading, long block)
    {
        if (reading.Problem is { } problem)
        {
            return new PoolAddress(IdentityStatus.Unknown, PoolLocation.Nowhere, block, TimeSpan.FromSeconds(options.UnknownLifetimeSeconds), [problem]);
        }

        var (place, problems) = LocationRecords.Read(reading);
        return new PoolAddress(IdentityStatus.Known, place, block, TimeSpan.FromSeconds(options.LifetimeSeconds), problems);
    }

    private IdentityAnswer Unknown(string problem, long block) =>
        IdentityAnswer.Unknown(TimeSpan.FromSeconds(options.UnknownLifetimeSeconds), problem) with { Block = block };

    private static IdentityAnswer Unavailable(string reason) => IdentityAnswer.Unavailable(RetryAfter, reason);
}
