using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens.Chain;

/// <summary>The chain as one node has it at one block: all that is read through a view belongs together.</summary>
internal sealed class ChainView(ChainNode node, long block)
{
    public long Block => block;

    /// <summary>The answers of contracts, in the order of the calls, by one request.</summary>
    /// <exception cref="RpcException">The node gave no answer to one of them.</exception>
    public async Task<ContractAnswer[]> CallAsync(IReadOnlyList<ContractCall> calls, CancellationToken cancellationToken)
    {
        if (calls.Count == 0)
        {
            return [];
        }

        var answers = await node.SendAsync([.. calls.Select(call => ChainRpcCall.Read(call.To, call.Data, block))], cancellationToken);
        return [.. answers.Take(calls.Count).Select(Contract)];
    }

    /// <summary>Whether an account is a contract, and what that contract answers, by one request.</summary>
    /// <exception cref="RpcException">The node gave no answer.</exception>
    public async Task<(bool HasCode, ContractAnswer Answer)> CallIfContractAsync(ContractCall call, CancellationToken cancellationToken)
    {
        var answers = await node.SendAsync([ChainRpcCall.Code(call.To, block), ChainRpcCall.Read(call.To, call.Data, block)], cancellationToken);
        if (answers[0].Error is { } error || !RpcAnswer.TryBytes(answers[0].Result, out var code))
        {
            throw NodeError(answers[0].Error ?? "the code of an account is not hex");
        }

        return (code.Length > 0, Contract(answers[1]));
    }

    private ContractAnswer Contract(RpcAnswer answer)
    {
        if (answer.Error is { } error)
        {
            return answer.IsRevert
                ? new ContractAnswer(Reverted: true, answer.ErrorData, node.Endpoint.Clean(error))
                : throw NodeError(error);
        }

        return RpcAnswer.TryBytes(answer.Result, out var data) ? ContractAnswer.Returned(data) : throw NodeError("what a contract returned is not hex");
    }

    private RpcException NodeError(string error) =>
        new(RpcFault.NodeError, $"the node {node.Endpoint} can't read block {block}: {node.Endpoint.Clean(error)}");
}
