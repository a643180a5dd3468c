using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Epochs;

/// <summary>
/// Ends the open epoch when its time is up, and brings each closed one to its seal: settle, publish, record. Each step is
/// a record of its own, so a crash between two of them only means that the next is done later.
/// </summary>
internal sealed class EpochSealer(
    Sequencer sequencer, EpochWriter writer, IPoolJournal journal, JournalLease lease, EpochSealer.Settings settings, IDaemonObserver observer,
    TimeProvider time, ILogger<EpochSealer> logger) : IDisposable
{
    private const int RetrySeconds = 30;

    // The pool's time may leap while this waits: a machine slept, or its clock was set.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // Read once: what is published is the policy that runs, not what may lie in its file's place by then.
    private readonly PolicyIdentity identity = PolicyIdentities.Of(settings.Policy);
    private readonly FailedPolicy failed = new(journal);
    private readonly SemaphoreSlim wake = new(0);

    /// <summary>When and how epochs are settled.</summary>
    /// <param name="Policy">The settlement policy.</param>
    /// <param name="Duration">How long an epoch lasts.</param>
    /// <param name="PolicyLimit">How long a policy may take.</param>
    /// <param name="Policies">Where policies run.</param>
    public sealed record Settings(ISettlementPolicy Policy, TimeSpan Duration, TimeSpan PolicyLimit, TaskScheduler Policies);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var wait = await SealClosedAsync(cancellationToken) ? await UntilEndAsync(cancellationToken) : TimeSpan.FromSeconds(RetrySeconds);
            if (wait > TimeSpan.Zero)
            {
                await WaitAsync(wait, cancellationToken);
            }
            else
            {
                await RecordAsync(new EpochEndInput(), PoolFacts.None, cancellationToken);
            }
        }
    }

    /// <summary>Ends the open epoch now; it is sealed as soon as it can be.</summary>
    public async ValueTask EndNowAsync(CancellationToken cancellationToken)
    {
        await RecordAsync(new EpochEndInput(), PoolFacts.None, cancellationToken);
        wake.Release();
    }

    public void Dispose() => wake.Dispose();

    private async ValueTask WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(wait, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await wake.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return; // The time is up: that is what it waited for.
        }
    }

    private async ValueTask<TimeSpan> UntilEndAsync(CancellationToken cancellationToken)
    {
        var age = await sequencer.AskAsync(state => sequencer.TimeOf(state) - state.Epochs.Open!.StartedAt, cancellationToken);
        var left = settings.Duration - TimeSpan.FromMilliseconds(age);
        return left < LongestWait ? left : LongestWait;
    }

    /// <summary>True when no closed epoch is left.</summary>
    private async ValueTask<bool> SealClosedAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } next)
        {
            var done = next.Epoch.SettledSequence == 0
                ? await SettleAsync(next, cancellationToken)
                : await SealAsync(next, cancellationToken);
            if (!done)
            {
                return false;
            }
        }

        return true;
    }

    private ValueTask<Next?> NextAsync(CancellationToken cancellationToken) => sequencer.AskAsync(
        (state, head) => state.Epochs.Closed.Count == 0
            ? null
            : new Next(
                state.Epochs.Closed[0].Copy(),
                state.Epochs.LastSealed,
                state.Epochs.PolicyState,
                SettlementPayees.Of(state.Settings!),
                head),
        cancellationToken);

    private async ValueTask<bool> SettleAsync(Next next, CancellationToken cancellationToken)
    {
        var (fact, refusal) = await EpochSettlement.TryAsync(
            journal, next.Epoch, next.Payees, next.PolicyState, settings.Policy, identity, settings.PolicyLimit, time, settings.Policies, next.Head, cancellationToken);
        if (fact is null)
        {
            await failed.RememberAsync(lease, next.Epoch.Number, identity, refusal!.Code, cancellationToken);
            DaemonLog.Unsettled(logger, next.Epoch.Id, refusal.ToString(), RetrySeconds);
            observer.Unsettled(next.Epoch.Id, refusal.Code, refusal.Reason);
            return false;
        }

        fact = fact with { Replaced = await failed.IsReplacedByAsync(identity, next.Epoch.Number, cancellationToken) };
        await RecordAsync(new SettledInput(next.Epoch.Number), new PoolFacts { Settlement = fact }, cancellationToken);
        return true;
    }

    private async ValueTask<bool> SealAsync(Next next, CancellationToken cancellationToken)
    {
        try
        {
            var (snapshot, payouts) = await writer.WriteAsync(next.Epoch, next.Previous, next.Head, cancellationToken);
            await RecordAsync(new SealedInput(next.Epoch.Number, snapshot.Cid), PoolFacts.None, cancellationToken);
            observer.Sealed((EpochSnapshot)snapshot.Body, snapshot.Cid, payouts);
            return true;
        }
        catch (Exception e) when (e is TransportException or SwarmPoolException)
        {
            DaemonLog.EpochNotPublished(logger, next.Epoch.Id, e.Message, RetrySeconds);
            return false;
        }
    }

    // The sealer alone sends these, one after the other: a refusal would be a mistake of its own, not to be passed over.
    private async ValueTask RecordAsync(PoolInput input, PoolFacts facts, CancellationToken cancellationToken)
    {
        var decision = await sequencer.SubmitAsync(input, facts, cancellationToken);
        if (decision.Kind != DecisionKind.Accepted)
        {
            throw new InvalidOperationException($"The epoch's step {input} was not taken: {decision.Refusal}");
        }
    }

    private sealed record Next(EpochAccount Epoch, Cid Previous, string PolicyState, SettlementPayees Payees, JournalHead Head);
}
