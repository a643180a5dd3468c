using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Settlement;

/// <summary>Runs foreign policy code: off the caller's path, within a time limit, with whatever it throws turned into a refusal.</summary>
internal sealed class PolicyRun(ISettlementPolicy policy, string policyState, TimeSpan limit, TimeProvider time, TaskScheduler scheduler)
{
    // LongRunning: on the thread pool a policy that hangs then holds a thread of its own, not one that the pool shares.
    private const TaskCreationOptions Options = TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach;

    public async Task<SettlementVerdict> StartAsync(EpochLedger ledger, CancellationToken cancellationToken)
    {
        var run = Task.Factory.StartNew(() => Contained(ledger), CancellationToken.None, Options, scheduler);
        try
        {
            return await run.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException) when (!run.IsCompleted)
        {
            GuardedSlot.GateOf(policy)?.LeftBehind(nameof(policy.Settle), run, limit);
            return SettlementVerdict.Refused(new(
                ErrorCodes.PolicyTimedOut,
                $"{ledger.EpochId}: the policy did not return within {limit.TotalSeconds:0.###} s and was abandoned. "
                + "The epoch stays closed and unsettled; fix or replace the policy, then restart."));
        }
    }

    private SettlementVerdict Contained(EpochLedger ledger)
    {
        try
        {
            // A copy behind a read-only face: a policy that casts and writes spoils its own run only.
            var view = ledger with { Entries = Array.AsReadOnly(ledger.Entries.ToArray()), Earlier = Array.AsReadOnly(ledger.Earlier.ToArray()) };
            return Frozen(ledger, policy.Settle(view, policyState));
        }
        catch (Exception e)
        {
            var cause = e is SwarmPoolException { InnerException: { } own } ? own : e; // Behind its gate it has been named already.
            return Failed(ledger, $"the policy threw {cause.GetType().Name}: {Head(cause.Message)}");
        }
    }

    // The lists that a policy returns are foreign code too (lazy, endless, different when read again): they are read once, here.
    private static SettlementVerdict Frozen(EpochLedger ledger, SettlementOutcome? outcome)
    {
        if (outcome is not { Settlement.Miners: { } miners, PolicyState: { } state })
        {
            return Failed(ledger, "the policy returned null, or an outcome with a null part");
        }

        var most = ledger.Entries.Count + ledger.Earlier.Count;
        Payout[] payouts = [.. miners.Take(most + 1)];
        return payouts.Length > most
            ? SettlementVerdict.Refused(new(
                ErrorCodes.SettlementPayee,
                $"{ledger.EpochId}: the policy returned more payouts than the ledger has entries and earlier payees ({most}), so some payee is unknown or paid twice."))
            : SettlementVerdict.Settled(new(new(outcome.Settlement.Operations, Array.AsReadOnly(payouts)), state));
    }

    private static SettlementVerdict Failed(EpochLedger ledger, string what) =>
        SettlementVerdict.Refused(new(
            ErrorCodes.PolicyThrew,
            $"{ledger.EpochId}: {what}. The epoch stays closed and unsettled; fix or replace the policy, then restart."));

    private static string Head(string message) => message.Length <= 200 ? message : message[..200] + "…";
}
