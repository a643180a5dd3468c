using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens.Chain;

/// <summary>One node: whether it is on our chain, and the block that it is read at.</summary>
/// <remarks>Thread-safe. Each batch of calls brings the newest block's number along, so that a busy node is never asked for it alone.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for has nothing to free.")]
internal sealed class ChainNode(Endpoint endpoint, ChainRpcChannel channel, ulong chainId, EnsBlock block, TimeProvider time)
{
    /// <summary>How long a block counts as the newest; one comes every 12 seconds on mainnet.</summary>
    private static readonly TimeSpan HeadLifetime = TimeSpan.FromSeconds(12);

    private readonly SemaphoreSlim opening = new(1, 1);
    private Head? head;

    public Endpoint Endpoint => endpoint;

    /// <summary>A view of the chain at the block that the node is trusted at now.</summary>
    /// <exception cref="RpcException">It gave no answer, or is on another chain.</exception>
    public async ValueTask<ChainView> OpenAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } known)
        {
            return new ChainView(this, known);
        }

        await opening.WaitAsync(cancellationToken);
        try
        {
            return new ChainView(this, Fresh() ?? await AskAsync(cancellationToken));
        }
        finally
        {
            opening.Release();
        }
    }

    /// <summary>The answers to calls at a block.</summary>
    /// <exception cref="RpcException">The node gave none.</exception>
    public async Task<RpcAnswer[]> SendAsync(List<ChainRpcCall> calls, CancellationToken cancellationToken)
    {
        if (block == EnsBlock.Latest)
        {
            calls.Add(ChainRpcCall.BlockNumber);
        }

        var answers = await channel.SendAsync(endpoint, calls, cancellationToken);
        if (block == EnsBlock.Latest && RpcAnswer.TryNumber(answers[^1].Result, out var number))
        {
            Remember(number);
        }

        return answers;
    }

    private async Task<long> AskAsync(CancellationToken cancellationToken)
    {
        var newest = block == EnsBlock.Latest ? ChainRpcCall.BlockNumber : ChainRpcCall.Header(block == EnsBlock.Safe ? "safe" : "finalized");
        var answers = await channel.SendAsync(endpoint, [ChainRpcCall.ChainId, newest], cancellationToken);
        if (!RpcAnswer.TryNumber(answers[0].Result, out var chain) || (ulong)chain != chainId)
        {
            throw new RpcException(RpcFault.WrongChain, $"the node {endpoint} is on chain {chain}, not on {chainId}");
        }

        var answer = answers[1].Result;
        if (!RpcAnswer.TryNumber(answer.ValueKind == JsonValueKind.Object ? RpcAnswer.Member(answer, "number") : answer, out var newestBlock))
        {
            throw new RpcException(RpcFault.NodeError, $"the node {endpoint} does not return its newest block: {endpoint.Clean(answers[1].Error ?? "the answer is not a number")}");
        }

        Remember(newestBlock);
        return newestBlock;
    }

    private long? Fresh() =>
        Volatile.Read(ref head) is { } known && time.GetElapsedTime(known.At) < HeadLifetime ? known.Block : null;

    private void Remember(long number) => Volatile.Write(ref head, new Head(number, time.GetTimestamp()));

    private sealed record Head(long Block, long At);
}
