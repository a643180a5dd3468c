using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Abi;
using SwarmPool.Plugins.Ens.Chain;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens.Accounts;

/// <summary>Asks accounts that are contracts whether a signature is theirs (ERC-1271).</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SmartAccounts(ChainNodes nodes, TimeSpan lifetime, TimeProvider time)
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
            return await nodes.ReadAsync(
                async (view, limit) =>
                {
                    var (hasCode, answer) = await view.CallIfContractAsync(call, limit);
                    return hasCode ? Read(answer, view.Block) : Codeless(account, view.Block);
                },
                alone: true,
                cancellationToken);
        }
        catch (RpcException fault)
        {
            return new ContractCheckResult(ContractStatus.Unavailable, 0, fault.Message);
        }
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
