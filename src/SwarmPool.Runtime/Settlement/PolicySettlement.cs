using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Settlement;

/// <summary>
/// Settles an epoch by a policy that nobody has to trust: the policy is run twice, the second time with the ledger in another
/// order, and whatever it returns is checked by <see cref="SettlementCheck"/> before it counts.
/// </summary>
/// <remarks>
/// Thread-safe. What the policy throws is contained. A policy can't settle the same epoch in two ways.
/// </remarks>
public static class PolicySettlement
{
    /// <summary>Settles an epoch.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="ledger">What was decided. The policy sees copies of it.</param>
    /// <param name="policyState">What the policy returned for the epoch before; empty for the first.</param>
    /// <param name="limit">
    /// The most that each of the two runs may take, counted from when it is queued; greater than zero. A run that takes longer is
    /// ended where the policy has a process of its own, else abandoned: it keeps its thread until it returns. On a single-threaded scheduler a run can't be interrupted, and
    /// the limit has no effect on it.
    /// </param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="scheduler">Where the policy runs.</param>
    /// <param name="cancellationToken">Stops the waiting, not the policy.</param>
    /// <returns>
    /// The outcome, or the refusal: SP3401 the policy threw or returned nothing, SP3402 it took too long, SP3403 the sum is not the
    /// volume or the volume is more than <see cref="Usdc.MaxMicro"/>, SP3404 a payee is unknown, twice there or out of order, SP3405 the two runs differ, SP3406 its state is too large, SP3409 it pays
    /// as declared whom it does not declare, SP3410 it took too much memory, SP3411 it ended its process.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is not greater than zero.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<SettlementVerdict> SettleAsync(
        ISettlementPolicy policy,
        EpochLedger ledger,
        string policyState,
        TimeSpan limit,
        TimeProvider time,
        TaskScheduler scheduler,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(policyState);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);

        var run = new PolicyRun(policy, policyState, limit, time, scheduler);
        var first = await run.StartAsync(ledger, cancellationToken);
        if (first.Outcome is null)
        {
            return first;
        }

        if (SettlementCheck.Check(ledger, first.Outcome) is { } refusal)
        {
            return SettlementVerdict.Refused(refusal);
        }

        var second = await run.StartAsync(ledger with { Entries = Shuffled(ledger.Entries) }, cancellationToken);
        if (second.Outcome is null)
        {
            return second;
        }

        return SettlementRules.Same(first.Outcome, second.Outcome)
            ? first
            : SettlementVerdict.Refused(new(
                ErrorCodes.SettlementUnstable,
                $"{ledger.EpochId}: the policy settled the same ledger in two ways when it was run again in another order; "
                + "a policy may depend on neither the order of the entries nor anything but its arguments. Fix the policy."));
    }

    // The same order every time, so that a failure can be reproduced. First and last change places for sure, which is what
    // rules that look at "the first entry" or "the last entry" trip over; what lies between is permuted by splitmix64.
    private static LedgerEntry[] Shuffled(IReadOnlyList<LedgerEntry> entries)
    {
        LedgerEntry[] shuffled = [.. entries];
        Array.Reverse(shuffled);
        ulong state = 0;
        for (var i = shuffled.Length - 2; i > 1; i--)
        {
            state += 0x9E3779B97F4A7C15;
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            var j = 1 + (int)((z ^ (z >> 31)) % (ulong)i);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }
}

/// <summary>Runs foreign policy code: off the caller's path, within a time limit, with whatever it throws turned into a refusal.</summary>
internal sealed class PolicyRun(ISettlementPolicy policy, string policyState, TimeSpan limit, TimeProvider time, TaskScheduler scheduler)
{
    // LongRunning: on the thread pool a policy that hangs then holds a thread of its own, not one that the pool shares.
    private const TaskCreationOptions Options = TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach;

    // What ends by itself what takes too long may have to start a process first, which is bounded too.
    private static readonly TimeSpan Grace = PluginGate.Limit + TimeSpan.FromSeconds(10);

    public async Task<SettlementVerdict> StartAsync(EpochLedger ledger, CancellationToken cancellationToken)
    {
        var run = Task.Factory.StartNew(() => Contained(policy, ledger, policyState, limit), CancellationToken.None, Options, scheduler);
        try
        {
            return await run.WaitAsync(IsBounded(policy) ? limit + Grace : limit, time, cancellationToken);
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

    /// <summary>One run, with whatever the policy throws turned into a refusal.</summary>
    public static SettlementVerdict Contained(ISettlementPolicy policy, EpochLedger ledger, string policyState, TimeSpan limit)
    {
        try
        {
            // A copy behind a read-only face: a policy that casts and writes spoils its own run only.
            var view = ledger with { Entries = Array.AsReadOnly(ledger.Entries.ToArray()), Earlier = Array.AsReadOnly(ledger.Earlier.ToArray()), Declared = Array.AsReadOnly(ledger.Declared.ToArray()), Checks = Array.AsReadOnly(ledger.Checks.ToArray()) };
            return Frozen(ledger, policy is IBoundedPolicy bounded ? bounded.Settle(view, policyState, limit) : policy.Settle(view, policyState));
        }
        catch (SwarmPoolException refused) when (refused.InnerException is null && IsBounded(policy))
        {
            return SettlementVerdict.Refused(new(refused.Code, refused.Message));
        }
        catch (Exception e)
        {
            var cause = e is SwarmPoolException { InnerException: { } own } ? own : e; // Behind its gate it has been named already.
            return cause is OutOfMemoryException
                ? Failed(ledger, "the policy took more memory than there is", ErrorCodes.PolicyTookMemory)
                : Failed(ledger, $"the policy threw {cause.GetType().Name}: {Head(cause.Message)}");
        }
    }

    // Such a one ends what takes too long, so that nothing is left behind here.
    private static bool IsBounded(ISettlementPolicy policy) => policy is GuardedPolicy { IsBounded: true } or (IBoundedPolicy and not GuardedPolicy);

    // The lists that a policy returns are foreign code too (lazy, endless, different when read again): they are read once, here.
    private static SettlementVerdict Frozen(EpochLedger ledger, SettlementOutcome? outcome)
    {
        if (outcome is not { Settlement: { Miners: { } miners, Declared: { } declared }, PolicyState: { } state })
        {
            return Failed(ledger, "the policy returned null, or an outcome with a null part");
        }

        var most = ledger.Entries.Count + ledger.Earlier.Count;
        Payout[] payouts = [.. miners.Take(most + 1)];
        Payout[] others = [.. declared.Take(ledger.Declared.Count + 1)];
        return payouts.Length > most
            ? SettlementVerdict.Refused(new(
                ErrorCodes.SettlementPayee,
                $"{ledger.EpochId}: the policy returned more payouts than the ledger has entries and earlier payees ({most}), so some payee is unknown or paid twice."))
            : SettlementVerdict.Settled(new(new(outcome.Settlement.Operations, Array.AsReadOnly(payouts)) { Declared = Array.AsReadOnly(others) }, state));
    }

    private static SettlementVerdict Failed(EpochLedger ledger, string what, string code = ErrorCodes.PolicyThrew) =>
        SettlementVerdict.Refused(new(
            code,
            $"{ledger.EpochId}: {what}. The epoch stays closed and unsettled; fix or replace the policy, then restart."));

    private static string Head(string message) => message.Length <= 200 ? message : message[..200] + "…";
}
