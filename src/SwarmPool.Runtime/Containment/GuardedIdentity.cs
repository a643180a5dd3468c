using SwarmPool.Identity;

namespace SwarmPool.Runtime.Containment;

/// <summary>An identity provider behind its gate: what goes wrong is "can't tell now", which is what its contract asks for.</summary>
internal sealed class GuardedIdentity(IIdentityProvider inner, PluginGate gate) : GuardedSlot(inner, gate), IIdentityProvider
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public string Network => Gate.Call(nameof(Network), inner, static i => i.Network);

    public static bool IsContract(Exception thrown) => false;

    public static Exception AsContract(string message, Exception? cause) => new IdentityFault(message, cause);

    public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken)
    {
        var answer = Gate.CallAsync(nameof(ResolveAsync), (inner, name), static (s, stop) => s.inner.ResolveAsync(s.name, stop), cancellationToken);
        return answer.IsCompletedSuccessfully ? new(Clean(answer.Result)) : AnsweredAsync(answer);
    }

    public ValueTask<ContractCheckResult> AskContractAsync(
        EthAddress account, ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        var word = Gate.CallAsync(
            nameof(AskContractAsync),
            (inner, account, hash, signature),
            static (s, stop) => s.inner.AskContractAsync(s.account, s.hash, s.signature, stop),
            cancellationToken);
        return word.IsCompletedSuccessfully ? new(Clean(word.Result)) : SaidAsync(word);
    }

    public ValueTask<PoolAddress> FindPoolAsync(EnsName name, CancellationToken cancellationToken)
    {
        var found = Gate.CallAsync(nameof(FindPoolAsync), (inner, name), static (s, stop) => s.inner.FindPoolAsync(s.name, stop), cancellationToken);
        return found.IsCompletedSuccessfully ? new(Clean(found.Result)) : FoundAsync(found);
    }

    private async ValueTask<PoolAddress> FoundAsync(ValueTask<PoolAddress> found)
    {
        try
        {
            return Clean(await found);
        }
        catch (IdentityFault fault)
        {
            return PoolAddress.Unavailable(RetryAfter, fault.Message);
        }
    }

    private async ValueTask<ContractCheckResult> SaidAsync(ValueTask<ContractCheckResult> word)
    {
        try
        {
            return Clean(await word);
        }
        catch (IdentityFault fault)
        {
            return new ContractCheckResult(ContractStatus.Unavailable, 0, fault.Message);
        }
    }

    private async ValueTask<IdentityAnswer> AnsweredAsync(ValueTask<IdentityAnswer> answer)
    {
        try
        {
            return Clean(await answer);
        }
        catch (IdentityFault fault)
        {
            return IdentityAnswer.Unavailable(RetryAfter, fault.Message);
        }
    }

    // What it says goes to messages and logs.
    private IdentityAnswer Clean(IdentityAnswer answer) => answer.Detail.Length == 0 ? answer : answer with { Detail = Gate.Clean(answer.Detail) };

    private ContractCheckResult Clean(ContractCheckResult word) => word.Detail.Length == 0 ? word : word with { Detail = Gate.Clean(word.Detail) };

    private PoolAddress Clean(PoolAddress found) => found.Problems.Count == 0 ? found : found with { Problems = [.. found.Problems.Select(Gate.Clean)] };

    private sealed class IdentityFault(string message, Exception? cause) : Exception(message, cause);
}
