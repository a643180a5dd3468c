using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Generation;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Runs the backend on one input. A run that is cancelled and does not end is left behind, so that it holds up nothing else.</summary>
internal sealed class BackendRun(IInferenceBackend backend, LoadedModels models, TaskScheduler scheduler, TimeProvider time, ILogger<BackendRun> logger)
{
    // The contract says a second; a machine under load gets some more.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    public async Task<InferenceResult> RunAsync(Cid job, InferenceRequest request, IProgress<int> progress, CancellationToken cancellationToken)
    {
        var run = Loops.Start(scheduler, () => RunHereAsync(job, request, progress, cancellationToken));
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
    private async Task<InferenceResult> RunHereAsync(Cid job, InferenceRequest request, IProgress<int> progress, CancellationToken cancellationToken)
    {
        using var used = await models.UseAsync(request.Model, cancellationToken);
        return await ModelRun.RunAsync(backend, job, request, progress, cancellationToken);
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
