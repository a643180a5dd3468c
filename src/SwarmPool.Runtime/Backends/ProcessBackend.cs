using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Backends;

/// <summary>
/// A backend in a process of its own. What it does to that process (a crash in native code, an exit, more memory than there is, a loop) it does
/// to itself: whatever was under way fails with what happened, and another process is started when it is needed.
/// </summary>
/// <remarks>
/// Thread-safe. The process is started by the first call. After each end in a row the next start waits longer, and a model that was under
/// way each time is refused and told to <see cref="Deaths"/>.
/// </remarks>
internal sealed class ProcessBackend : IInferenceBackend
{
    private readonly BackendProgram program;
    private readonly BackendComposition composition;
    private readonly string name;
    private readonly BackendLimits limits;
    private readonly TaskScheduler scheduler;
    private readonly TimeProvider time;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly SemaphoreSlim door = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, ProcessTokenModel> tokens = new(StringComparer.Ordinal);
    private BackendProcess? process;
    private bool canUnload;

    /// <param name="program">How its process is started.</param>
    /// <param name="composition">What it is made of.</param>
    /// <param name="name">What it is called, at the beginning of a sentence: "Plugin X (inference backend)".</param>
    /// <param name="limits">What it may take.</param>
    /// <param name="scheduler">Reads what its process says, and writes what is long.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Told what it logs, and how its processes end.</param>
    public ProcessBackend(
        BackendProgram program, BackendComposition composition, string name, BackendLimits limits, TaskScheduler scheduler, TimeProvider time, ILoggerFactory loggers)
    {
        (this.program, this.composition, this.name, this.limits, this.scheduler, this.time, this.loggers) = (program, composition, name, limits, scheduler, time, loggers);
        logger = loggers.CreateLogger<ProcessBackend>();
        Deaths = new BackendDeaths(time);
    }

    /// <summary>How its processes have ended, and what follows.</summary>
    public BackendDeaths Deaths { get; }

    /// <summary>The number of the process that runs now; null when none does.</summary>
    public int? ProcessId => process is { Ended.IsCompleted: false } own ? own.Id : null;

    public bool CanUnload => canUnload;

    public async ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        var (_, described) = await AskAsync(new BackendCall(FrameKind.Describe, []) { Limit = limits.Call }, BackendJson.Default.BackendDescription, cancellationToken);
        return described;
    }

    public async ValueTask LoadAsync(string model, CancellationToken cancellationToken) =>
        await CallAsync(About(FrameKind.Load, model) with { Limit = limits.Load }, cancellationToken);

    public async ValueTask<bool> UnloadAsync(string model, CancellationToken cancellationToken)
    {
        if (ProcessId is null)
        {
            return true; // What it had went with it.
        }

        var (_, answer) = await AskAsync(About(FrameKind.Unload, model) with { Limit = limits.Call }, BackendJson.Default.UnloadAnswer, cancellationToken);
        return answer.IsUnloaded;
    }

    public async ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (frame, answer) = await AskAsync(RunOf(FrameKind.Run, request, progress), BackendJson.Default.RunAnswer, cancellationToken);
        Deaths.Succeeded(request.Model);
        return Result(answer, frame.Body);
    }

    public async IAsyncEnumerable<InferenceChunk> StreamAsync(InferenceRequest request, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (own, opened) = await CallAsync(RunOf(FrameKind.Stream, request, progress) with { StaysOpen = true }, cancellationToken);
        try
        {
            while (true)
            {
                var (frame, chunk) = await AskAsync(own, NextOf(opened.Call), BackendJson.Default.ChunkAnswer, cancellationToken, request.Model);
                if (chunk.IsEnd)
                {
                    break;
                }

                if (chunk.DeltaBytes < 0 || chunk.DeltaBytes > frame.Body.Length)
                {
                    throw Told(await own.MalformedAsync($"a chunk of {chunk.DeltaBytes} bytes"), request.Model);
                }

                yield return new InferenceChunk(frame.Body[..chunk.DeltaBytes], chunk.Result is { } result ? Result(result, frame.Body[chunk.DeltaBytes..]) : null);
            }

            Deaths.Succeeded(request.Model);
        }
        finally
        {
            own.Close(opened.Call);
        }
    }

    public async ValueTask<ITokenModel?> OpenTokensAsync(string model, CancellationToken cancellationToken)
    {
        ProcessTokenModel? known;
        lock (tokens)
        {
            known = tokens.GetValueOrDefault(model);
        }

        var call = new BackendCall(FrameKind.Open, BackendJson.Write(new OpenCall(model, known is not null), BackendJson.Default.OpenCall)) { Model = model, Limit = limits.Load };
        var (own, frame) = await CallAsync(call, cancellationToken);
        var opened = await ReadAsync(own, frame, BackendJson.Default.OpenAnswer, model);
        if (opened.Description is null)
        {
            return null;
        }

        if (known is not null && frame.Body.IsEmpty)
        {
            return known;
        }

        if (!ProcessTokenModel.TryMake(this, model, opened.Description, frame.Body, out var made))
        {
            throw Told(await own.MalformedAsync($"a vocabulary of {opened.Description.VocabularySize} tokens in {frame.Body.Length} bytes"), model);
        }

        lock (tokens)
        {
            return tokens[model] = made;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await door.WaitAsync();
        process?.Dispose();
        door.Release(); // For who still waits: it finds that all is over.
    }

    /// <summary>Calls the process, which is started where none runs.</summary>
    internal async Task<(BackendProcess Process, Frame Answer)> CallAsync(BackendCall call, CancellationToken cancellationToken)
    {
        if (call.Model is { } model && Deaths.Withdrawn.TryGetValue(model, out var what))
        {
            throw Refuse(ErrorCodes.ModelEndsProcess, $"{name} {what.TrimEnd('.')}, and that with the model {model} {BackendDeaths.Enough} times in a row: it is not run here any more. Replace it, or the backend, and restart the miner");
        }

        var own = await ReadyAsync(cancellationToken);
        return (own, await CallAsync(own, call, cancellationToken));
    }

    /// <summary>Calls that very process.</summary>
    internal async Task<Frame> CallAsync(BackendProcess own, BackendCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await own.CallAsync(call, cancellationToken);
        }
        catch (BackendDeathException death)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Told(death, call.Model);
        }
    }

    /// <summary>Reads an answer's head.</summary>
    internal async Task<T> ReadAsync<T>(BackendProcess own, Frame frame, JsonTypeInfo<T> type, string? model)
    {
        try
        {
            return await own.ReadAsync(frame, type);
        }
        catch (BackendDeathException death)
        {
            throw Told(death, model);
        }
    }

    /// <summary>Calls that very process and reads the answer's head.</summary>
    internal async Task<(Frame Frame, T Answer)> AskAsync<T>(BackendProcess own, BackendCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken, string? model = null)
    {
        var frame = await CallAsync(own, call with { Model = call.Model ?? model }, cancellationToken);
        return (frame, await ReadAsync(own, frame, type, model));
    }

    /// <summary>What was under way when the process ended, for who waits for it.</summary>
    internal Exception Told(Exception death, string? model) => death is BackendDeathException { Death: var how }
        ? stopping.IsCancellationRequested
            ? new ObjectDisposedException("The backend was disposed.", death)
            : Refuse(how.Code, $"{name} {how.What.TrimEnd('.')}{(model is null ? "" : $", at work on the model {model}")}")
        : death;

    internal static BackendCall NextOf(int opened) => new(FrameKind.Next, BackendJson.Write(new NextCall(opened), BackendJson.Default.NextCall));

    private static BackendCall About(FrameKind kind, string model) => new(kind, BackendJson.Write(new ModelCall(model), BackendJson.Default.ModelCall)) { Model = model };

    private static BackendCall RunOf(FrameKind kind, InferenceRequest request, IProgress<int>? progress) =>
        new(kind, BackendJson.Write(new RunCall(request.Model, request.JobType), BackendJson.Default.RunCall)) { Model = request.Model, Body = request.Input, Progress = progress };

    private static InferenceResult Result(RunAnswer answer, ReadOnlyMemory<byte> output) => new(output, answer.Class, answer.Confidence) { Usage = answer.Usage };

    private static InferenceException Refuse(string code, string reason) => new(new Refusal(code, $"{reason}.").ToString());

    private async Task<(Frame Frame, T Answer)> AskAsync<T>(BackendCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var (own, frame) = await CallAsync(call, cancellationToken);
        return (frame, await ReadAsync(own, frame, type, call.Model));
    }

    private async Task<BackendProcess> ReadyAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, this);
        await door.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, this);
                if (process is { Ended.IsCompleted: false } own)
                {
                    return own;
                }

                if (Deaths.Pause is { Ticks: > 0 } pause)
                {
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.Token);
                    await ((Task)Task.Delay(pause, time, either.Token)).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
                    cancellationToken.ThrowIfCancellationRequested();
                    continue;
                }

                process = await StartAsync(cancellationToken);
            }
        }
        finally
        {
            door.Release();
        }
    }

    private async Task<BackendProcess> StartAsync(CancellationToken cancellationToken)
    {
        BackendProcess? started = null;
        try
        {
            started = BackendProcess.Start(program, limits, scheduler, time, loggers);
            var call = new BackendCall(FrameKind.Compose, BackendJson.Write(composition, BackendJson.Default.BackendComposition)) { Limit = limits.Call };
            canUnload = (await started.ReadAsync(await started.CallAsync(call, cancellationToken), BackendJson.Default.BackendComposed)).CanUnload;
            BackendLog.Started(logger, name, started.Id);
            _ = WatchAsync(started);
            return started;
        }
        catch (Exception failure) when (failure is IOException or InferenceException or BackendDeathException)
        {
            started?.Dispose();
            var why = failure is IOException
                ? $"{failure.Message.TrimEnd('.')} ({program.FileName} {string.Join(' ', program.Arguments)})"
                : failure.Message.TrimEnd('.');
            BackendLog.NotMade(logger, name, why);
            Deaths.Add(new BackendDeath(ErrorCodes.BackendProcessUnusable, why, []));
            throw Refuse(ErrorCodes.BackendProcessUnusable, $"{name} could not be made in a process of its own: {why}");
        }
        catch
        {
            started?.Dispose();
            throw;
        }
    }

    private async Task WatchAsync(BackendProcess started)
    {
        var death = await started.Ended;
        if (!stopping.IsCancellationRequested)
        {
            Deaths.Add(death);
            BackendLog.Ended(logger, death.Code, name, death.What, death.Models.Count == 0 ? "nothing" : string.Join(", ", death.Models), Deaths.Pause.TotalSeconds);
        }
    }
}
