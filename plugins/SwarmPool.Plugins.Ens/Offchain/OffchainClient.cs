using System.Diagnostics.CodeAnalysis;
using SwarmPool.Plugins.Ens.Chain;

namespace SwarmPool.Plugins.Ens.Offchain;

/// <summary>Fetches the answers that lie outside the chain and lets the contract check them, at the same block (EIP-3668).</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="gateway">Asks gateways; null where such answers are not wanted.</param>
/// <param name="time">The clock.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for has nothing to free.")]
internal sealed class OffchainClient(Gateway? gateway, TimeProvider time)
{
    private const int MaxHops = 4;

    /// <summary>For all records of a name together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // Strangers' gateways may be as slow as they are let: these wait, and nobody else does.
    private readonly SemaphoreSlim lanes = new(32, 32);

    /// <summary>The answers as they are, or as they are in the end where one lies outside the chain.</summary>
    /// <exception cref="OffchainException">An answer is unavailable.</exception>
    /// <exception cref="Rpc.RpcException">The node gave no answer.</exception>
    public async Task<ContractAnswer[]> FollowAsync(ChainView view, ReadOnlyMemory<ContractCall> calls, ReadOnlyMemory<ContractAnswer> answers)
    {
        var all = answers.ToArray();
        if (!all.Any(NeedsFollowing))
        {
            return all;
        }

        if (gateway is null)
        {
            throw new OffchainException(passing: false, "its resolver answers from outside the chain (EIP-3668); set 'offchain' to true to allow that");
        }

        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await lanes.WaitAsync(limit.Token);
            try
            {
                for (var i = 0; i < all.Length; i++)
                {
                    all[i] = await FollowAsync(gateway, view, calls.Span[i], all[i], limit.Token);
                }
            }
            finally
            {
                lanes.Release();
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new OffchainException(passing: true, $"its gateways did not answer within {Patience.TotalSeconds:0} s");
        }

        return all;
    }

    private static async Task<ContractAnswer> FollowAsync(
        Gateway gateway, ChainView view, ContractCall call, ContractAnswer answer, CancellationToken cancellationToken)
    {
        for (var hop = 0; NeedsFollowing(answer); hop++)
        {
            if (hop == MaxHops)
            {
                throw new OffchainException(passing: false, $"its resolver redirects to other gateways more than {MaxHops} times");
            }

            var lookup = OffchainLookup.Parse(answer.Data) ?? throw new OffchainException(passing: false, "what its resolver reverts with is not an OffchainLookup of EIP-3668");
            if (lookup.Sender != call.To)
            {
                throw new OffchainException(passing: false, $"its resolver {call.To} asks for answers to another contract, {lookup.Sender}");
            }

            var given = await gateway.AskAsync(lookup, cancellationToken);
            var answers = await view.CallAsync([new ContractCall(call.To, lookup.CallbackWith(given))], cancellationToken);
            answer = answers[0];
        }

        return answer;
    }

    private static bool NeedsFollowing(ContractAnswer answer) => answer.Reverted && OffchainLookup.Is(answer.Data);
}
