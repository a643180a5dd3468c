using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Checks;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Runtime.Daemon.Timing;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Epochs;

/// <summary>
/// Settles a closed epoch by another policy than the pool's, which could not. The settlement is checked as any other, and
/// the epoch is published as one whose policy was replaced.
/// </summary>
/// <remarks>
/// It writes the journal, so no daemon may lead meanwhile: the journal's lease decides. The next daemon seals the epoch,
/// publishes it and says so.
/// </remarks>
public static class PolicyReplacement
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>Settles the oldest epoch that is closed and not settled.</summary>
    /// <param name="daemon">The services of a composition with the pool's daemon, which is not started: its journal, and the key that signs for what is recorded.</param>
    /// <param name="pool">The pool's name.</param>
    /// <param name="policy">The policy to settle by. It sees the policy state that the epoch before left, whichever policy that was.</param>
    /// <param name="epoch">The epoch's number, to be sure that it is that one; null for whichever is next.</param>
    /// <param name="limit">The most that each of the policy's two runs may take; greater than zero.</param>
    /// <param name="time">The clock.</param>
    /// <param name="policies">Where the policy runs, and the journal is read ahead.</param>
    /// <param name="cancellationToken">Gives up; once the journal is written it no longer matters.</param>
    /// <exception cref="SwarmPoolException">
    /// SP3407: no epoch waits to be settled, or another than the named one is next. SP3401 to SP3406, SP3409 to SP3411: this policy can't
    /// settle it either. SP1209, SP2204: a name that it declares is not known, or can't be looked up. SP4001: a daemon leads; and the journal's other faults. Nothing was recorded.
    /// </exception>
    public static async Task<ReplacedSettlement> SettleAsync(
        IServiceProvider daemon, EnsName pool, ISettlementPolicy policy, long? epoch, TimeSpan limit, TimeProvider time, TaskScheduler policies, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(time);
        var journal = daemon.GetRequiredService<IPoolJournal>();
        try
        {
            // First without the lease, which a slow policy might outlast: what is closed does not change.
            var (state, read, _) = await JournalReplay.RestoreAsync(journal, policies, NullLogger.Instance, cancellationToken);
            var account = Next(state, epoch);
            var payees = Payees(state) with { Declared = await PolicyPayees.ResolveAsync(policy, daemon.GetRequiredService<IIdentityProvider>(), time, cancellationToken) ?? [] };
            var (fact, refusal) = await EpochSettlement.TryAsync(
                journal, account, payees, state.Epochs.PolicyState, policy, PolicyIdentities.Of(policy), limit, time, policies, read, cancellationToken);
            if (refusal is not null)
            {
                throw new SwarmPoolException(refusal.Code, refusal.Reason);
            }

            var (head, isSigned) = await RecordAsync(
                journal, daemon.GetRequiredService<CopySeal>(), pool, account, fact! with { Replaced = true }, payees, time, policies, cancellationToken);
            return new(account.Id, fact!.Policy, fact.Operations, fact.Miners, state.Epochs.Closed.Count(one => one.SettledSequence == 0) - 1)
            {
                Declared = fact.Declared ?? [],
                AcceptJournalHead = isSigned ? null : HeadText.Of(head),
            };
        }
        catch (JournalException held) when (held.Fault == JournalFault.Held)
        {
            throw new SwarmPoolException(
                ErrorCodes.JournalHeld, $"{held.Message} Stop the daemon (and first those that stand by), settle, and start it again: a restart loses nothing.", held);
        }
        catch (JournalException fault)
        {
            throw JournalFaults.Explain(fault);
        }
    }

    private static EpochAccount Next(PoolState state, long? wanted)
    {
        var next = state.Epochs.Closed.Find(account => account.SettledSequence == 0)
            ?? throw new SwarmPoolException(ErrorCodes.EpochNotClosed, "No closed epoch waits to be settled. 'swarmpool status' shows where the pool stands.");
        return wanted is null || wanted == next.Number
            ? next
            : throw new SwarmPoolException(
                ErrorCodes.EpochNotClosed, $"{EpochAccount.IdOf(wanted.Value)} is not the next to be settled: {next.Id} is. Epochs are settled in order, since each begins with what the policy kept of the one before.");
    }

    private static SettlementPayees Payees(PoolState state) => SettlementPayees.Of(state.Settings!);

    private static async Task<(JournalHead Head, bool IsSigned)> RecordAsync(
        IPoolJournal journal, CopySeal seal, EnsName pool, EpochAccount account, SettlementFact fact, SettlementPayees payees, TimeProvider time, TaskScheduler policies, CancellationToken cancellationToken)
    {
        await using var lease = await LeaderLease.TakeAsync(journal, pool, OwnerName.Of(""), LeaseTime, time, NullLogger.Instance, cancellationToken);
        var (state, head, unsigned) = await JournalReplay.RestoreAsync(journal, policies, NullLogger.Instance, cancellationToken, seal);
        Next(state, account.Number);
        if (fact.OperationsPayee != Payees(state).Operations)
        {
            throw new SwarmPoolException(ErrorCodes.JournalHeld, "A daemon has led meanwhile and pays operations somewhere else since. Nothing was recorded: settle again.");
        }

        // A term of its own, as any writer's: it also keeps claims that were live from expiring by this look into the journal.
        var commits = Channel.CreateUnbounded<Commit>();
        var draws = new DrawSecrets(RandomNonces.Shared);
        await draws.RestoreAsync(journal, state, cancellationToken);
        using var sequencer = new Sequencer(journal, lease, state, head, commits.Writer, PoolMachine.Decide, new SteadyTime(time, LeaseTime, static _ => { }), draws);
        var deciding = sequencer.RunAsync();
        // What the policy declares is recorded before it is paid; the daemon's next start records what its own does.
        var settings = state.Settings! with { Payees = payees.Declared.Count == 0 ? null : payees.Declared };
        await AcceptedAsync(sequencer, new StartedInput(lease.Held.Fence, settings), PoolFacts.None);
        await AcceptedAsync(sequencer, new SettledInput(account.Number), new PoolFacts { Settlement = fact });
        var copy = await sequencer.AskAsync(StateCopy.Take, CancellationToken.None);
        sequencer.Complete();
        await deciding;

        // Signed for only where a signature stood for all before it: else whatever a stranger had put there would be vouched for, too.
        if (unsigned == 0)
        {
            await StateCopy.SaveAsync(journal, lease.Held, seal, copy);
        }

        return (await journal.HeadAsync(CancellationToken.None), unsigned == 0);
    }

    private static async Task AcceptedAsync(Sequencer sequencer, PoolInput input, PoolFacts facts)
    {
        var decision = await sequencer.SubmitAsync(input, facts, CancellationToken.None);
        if (decision.Kind != DecisionKind.Accepted)
        {
            throw new SwarmPoolException(decision.Refusal!.Code, decision.Refusal.Reason);
        }
    }
}

/// <summary>A settlement that was recorded by a replacing policy.</summary>
/// <param name="EpochId">The epoch, e.g. "epoch-7".</param>
/// <param name="Policy">The policy that settled it.</param>
/// <param name="Operations">What operations get.</param>
/// <param name="Miners">What miners get.</param>
/// <param name="StillUnsettled">How many closed epochs wait to be settled after it.</param>
public sealed record ReplacedSettlement(string EpochId, PolicyIdentity Policy, Usdc Operations, IReadOnlyList<PayoutItem> Miners, int StillUnsettled)
{
    /// <summary>What the payees get that the policy declares besides miners and operations; empty when it declares nobody.</summary>
    public IReadOnlyList<PayoutItem> Declared { get; init; } = [];

    /// <summary>
    /// What to set <c>accept_journal_head</c> to for the daemon's next start, since nobody has signed what came before the settlement (the daemon
    /// did not end in order): who settles vouches for it. Null where the pool's key has signed the whole.
    /// </summary>
    public string? AcceptJournalHead { get; init; }
}
