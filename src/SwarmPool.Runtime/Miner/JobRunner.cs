using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Does one won job: fetch, run, deliver, all while its lease is renewed. Ends at once, and says nothing more of it, when
/// the claim is lost; gives the job back when it can't be done or the miner has to stop.
/// </summary>
internal sealed class JobRunner(
    MinerOptions options, JobExecution execution, CheckExecution checks, ClaimReleaser givingBack, Heartbeats heartbeats, IMinerObserver observer, PoolClock clock,
    TimeProvider time, ILogger<JobRunner> logger)
{
    private static readonly TimeSpan LastAnswer = TimeSpan.FromSeconds(1);

    /// <summary>Runs the job to its end. <paramref name="abandon"/> ends it early: it is given back. Throws only the miner's own faults.</summary>
    /// <returns>False when the job could not be done here and was given back as failed.</returns>
    public async Task<bool> RunAsync(ClaimSession session, ClaimAcceptedItem claim, CancellationToken abandon)
    {
        var progress = new RunProgress(claim.JobCid, observer);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        using var limit = new CancellationTokenSource(TimeToLimit(claim), time);
        using var own = new CancellationTokenSource(TimeSpan.FromSeconds(options.JobSeconds), time);
        using var work = CancellationTokenSource.CreateLinkedTokenSource(over.Token, limit.Token, own.Token);
        var renewing = heartbeats.RenewAsync(claim, progress, over.Token);
        var ending = EndWithAsync(session.Ended, over);
        try
        {
            await (session.Check is { Kind: CheckKinds.Score } check
                ? checks.RunAsync(session, check, work.Token)
                : execution.RunAsync(session, claim, progress, work.Token, over.Token));
        }
        catch (OperationCanceledException) when (session.Ended.IsCompletedSuccessfully)
        {
            await LostAsync(session, claim);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !session.IsCommitted)
        {
            observer.LeaseLost(claim.JobCid, "the time that the pool allows for one attempt has passed");
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested && session.IsAnswered)
        {
            observer.LeaseLost(claim.JobCid, session.IsCommitted ? "the miner stops before the pool has seen what it did; it is shown when the miner is started again" : "the miner stops before the pool has answered its proof; it is paid if the pool takes it");
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            await givingBack.ReleaseAsync(session, claim, ClaimReleaser.Stops, "the miner stops", CancellationToken.None);
        }
        catch (OperationCanceledException) when (own.IsCancellationRequested)
        {
            await FailAsync(session, claim, $"it ran longer than job_seconds ({options.JobSeconds})", null, abandon);
            return false;
        }
        catch (Exception e) when (e is InferenceException or SwarmPoolException or TransportException)
        {
            await FailAsync(session, claim, e.Message, e, abandon);
            return false;
        }
        finally
        {
            over.Cancel();
            await renewing.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            await ending.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        return true;
    }

    private Task FailAsync(ClaimSession session, ClaimAcceptedItem claim, string why, Exception? cause, CancellationToken abandon)
    {
        if (cause is not null)
        {
            MinerLog.JobFailed(logger, cause, claim.JobCid.ToShortString(), why);
        }

        return givingBack.ReleaseAsync(session, claim, ClaimReleaser.Failed, why, abandon);
    }

    // The end of a job may be told just before the answer to its proof: topics keep no order among each other.
    private async Task LostAsync(ClaimSession session, ClaimAcceptedItem claim)
    {
        try
        {
            execution.Tell(session, claim, await session.Proved.WaitAsync(LastAnswer, time));
        }
        catch (TimeoutException)
        {
            execution.Lost(session, claim, await session.Ended);
        }
    }

    private TimeSpan TimeToLimit(ClaimAcceptedItem claim)
    {
        var left = claim.LimitUntil - clock.NowMs;
        return TimeSpan.FromMilliseconds(Math.Clamp(left, 1, (long)TimeSpan.FromDays(8).TotalMilliseconds));
    }

    private static async Task EndWithAsync(Task ended, CancellationTokenSource over)
    {
        await ended.WaitAsync(over.Token);
        over.Cancel();
    }
}

/// <summary>How far a running job is, as its backend last said.</summary>
internal sealed class RunProgress(Cid job, IMinerObserver observer) : IProgress<int>
{
    private int percent = -1;

    /// <summary>0 to 100; null while nothing was said.</summary>
    public int? Percent => Volatile.Read(ref percent) is var value && value >= 0 ? value : null;

    public void Report(int value)
    {
        var bounded = Math.Clamp(value, 0, 100);
        if (Interlocked.Exchange(ref percent, bounded) != bounded)
        {
            observer.Progress(job, bounded);
        }
    }
}
