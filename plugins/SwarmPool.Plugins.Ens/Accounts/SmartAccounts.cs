using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Abi;
using SwarmPool.Plugins.Ens.Chain;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens.Accounts;

/// <summary>Asks accounts that are contracts whether a signature is theirs (ERC-1271).</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SmartAccounts(ChainNodes nodes, int quorum, TimeSpan lifetime, TimeProvider time)
{
    /// <summary>Both the function's selector and what it returns for a yes.</summary>
    private const uint IsValidSignature = 0x1626ba7e;

    private const int MaxRemembered = 100_000;

    private readonly Lock gate = new();
    private readonly Dictionary<EthAddress, long> codeless = [];

    public async ValueTask<ContractCheckResult> AskAsync(
        EthAddress account, ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        // Whoever forges signatures of a plain account makes us ask the node once in a lifetime, not once a forgery.
        if (IsCodeless(account))
        {
            return new ContractCheckResult(ContractStatus.NoContract, 0, "");
        }

        var call = new ContractCall(account, AbiCall.Encode(IsValidSignature, AbiArgument.Word(hash.ToArray()), AbiArgument.Bytes(signature.ToArray())));
        try
        {
            var result = quorum > 1
                ? await AgreeAsync(call, cancellationToken)
                : await nodes.ReadAsync((view, limit) => AskAsync(view, call, limit), alone: true, cancellationToken);
            return result.Status == ContractStatus.NoContract ? Codeless(account, result.Block) : result;
        }
        catch (RpcException fault)
        {
            return new ContractCheckResult(ContractStatus.Unavailable, 0, fault.Message);
        }
    }

    private async Task<ContractCheckResult> AgreeAsync(ContractCall call, CancellationToken cancellationToken)
    {
        var views = await nodes.OpenAllAsync(quorum, cancellationToken);
        var ballot = new Ballot<ContractCheckResult>(views, quorum, static result => result.Status == ContractStatus.Unavailable ? null : result.Status);
        var (agreed, count) = await ballot.CountAsync([.. views.Select(AskNodeAsync)]);
        return count > 0
            ? agreed
            : new ContractCheckResult(ContractStatus.Unavailable, 0, ballot.IsDisputed
                ? $"{quorum} Ethereum nodes have to say the same; {string.Join("; ", ballot.Said.Select(static one => $"{one.Node} says {one.Answer.Status}"))}"
                : $"{ballot.Said.Count} nodes answered, and {quorum} have to say the same: {(ballot.Silent.Count > 0 ? ballot.Silent[0].Detail : "the others are behind")}");

        async Task<ContractCheckResult> AskNodeAsync(NodeView node)
        {
            try
            {
                var result = await AskAsync(node.View, call, cancellationToken);
                node.Succeeded();
                return result;
            }
            catch (RpcException fault)
            {
                node.Failed(fault);
                return new ContractCheckResult(ContractStatus.Unavailable, 0, fault.Message);
            }
        }
    }

    private static async Task<ContractCheckResult> AskAsync(ChainView view, ContractCall call, CancellationToken cancellationToken)
    {
        var (hasCode, answer) = await view.CallIfContractAsync(call, cancellationToken);
        return hasCode ? Read(answer, view.Block) : new ContractCheckResult(ContractStatus.NoContract, view.Block, "");
    }

    private static ContractCheckResult Read(ContractAnswer answer, long block)
    {
        if (answer.Reverted)
        {
            return new ContractCheckResult(ContractStatus.Refused, block, answer.Error);
        }

        return new AbiReader(answer.Data).TrySelector(0, out var said) && said == IsValidSignature
            ? new ContractCheckResult(ContractStatus.Accepted, block, "")
            : new ContractCheckResult(ContractStatus.Refused, block, "it says that the signature is not valid");
    }

    private ContractCheckResult Codeless(EthAddress account, long block)
    {
        lock (gate)
        {
            if (codeless.Count >= MaxRemembered)
            {
                codeless.Clear();
            }

            codeless[account] = time.GetTimestamp();
        }

        return new ContractCheckResult(ContractStatus.NoContract, block, "");
    }

    // An account may become a contract, so this ends.
    private bool IsCodeless(EthAddress account)
    {
        lock (gate)
        {
            return codeless.TryGetValue(account, out var since) && time.GetElapsedTime(since) < lifetime;
        }
    }
}
