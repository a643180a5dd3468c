using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Does something with a model, which is kept loaded meanwhile. What is cancelled and does not end is left behind, so that it holds up nothing else.</summary>
internal sealed class ModelUse(IInferenceBackend backend, LoadedModels models, TaskScheduler scheduler, TimeProvider time, ILogger<ModelUse> logger)
{
    // The contract says a second; a machine under load gets some more.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Does it on the scheduler.</summary>
    /// <param name="job">The job that it is for, in what is logged.</param>
    /// <param name="model">What the backend calls the model.</param>
    /// <param name="use">What is done.</param>
    /// <param name="cancellationToken">Ends it, or leaves it behind.</param>
    public async Task<T> RunAsync<T>(Cid job, string model, Func<Task<T>> use, CancellationToken cancellationToken)
    {
        var run = Loops.Start(scheduler, () => KeepingAsync(model, use, cancellationToken));
        try
        {
            return await run.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !run.IsCompleted)
        {
            await EndAsync(run, job);
            throw;
        }
    }

    // A run that is left behind keeps its model.
    private async Task<T> KeepingAsync<T>(string model, Func<Task<T>> use, CancellationToken cancellationToken)
    {
        using var used = await models.UseAsync(model, cancellationToken);
        return await use();
    }

    private async Task EndAsync(Task run, Cid job)
    {
        try
        {
            await run.WaitAsync(Grace, time, CancellationToken.None);
        }
        catch (TimeoutException) when (!run.IsCompleted)
        {
            MinerLog.BackendHangs(logger, job.ToShortString(), Grace.TotalSeconds);
            if (GuardedSlot.GateOf(backend) is { } gate)
            {
                gate.LeftBehind(nameof(IInferenceBackend.RunAsync), run, Grace);
            }
            else
            {
                _ = ObserveAsync(run);
            }
        }
        catch (Exception e)
        {
            MinerLog.LeftBehindEnded(logger, e.Message);
        }
    }

    private async Task ObserveAsync(Task run)
    {
        try
        {
            await run;
        }
        catch (Exception e)
        {
            MinerLog.LeftBehindEnded(logger, e.Message);
        }
    }
}
