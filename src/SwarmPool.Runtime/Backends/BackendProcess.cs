using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Processes;
using SwarmPool.Runtime.Scheduling;

namespace SwarmPool.Runtime.Backends;

/// <summary>One process with a backend in it, and the calls that are under way there.</summary>
/// <remarks>Thread-safe. One thread reads what it says; when it ends, every call under way fails with how it ended.</remarks>
internal sealed class BackendProcess : IDisposable
{
    // What the miner itself was given, and what by its name is secret, is not the backend's.
    private static readonly string[] OwnPrefixes = ["SWARMPOOL_"];
    private static readonly string[] SecretSuffixes = ["PRIVATE_KEY", "PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "ACCESS_KEY"];

    private readonly ChildProcess child;
    private readonly FramePipe pipe;
    private readonly BackendLimits limits;
    private readonly TaskScheduler scheduler;
    private readonly TimeProvider time;
    private readonly ILoggerFactory loggers;
    private readonly ConcurrentDictionary<int, PendingCall> pending = new();
    private readonly ConcurrentDictionary<int, Work> work = new();
    private readonly TaskCompletionSource<BackendDeath> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer watch;
    private readonly Lock gate = new();
    private (string Code, string What)? ending;
    private int calls;
    private long asked;
    private long answered;
    private volatile bool waits;

    private BackendProcess(ChildProcess child, BackendLimits limits, TaskScheduler scheduler, TimeProvider time, ILoggerFactory loggers)
    {
        (this.child, this.limits, this.scheduler, this.time, this.loggers) = (child, limits, scheduler, time, loggers);
        pipe = new FramePipe(new BufferedStream(child.Output, FramePipe.Together), child.Input, FramePipe.MostAnswerBytes);
        answered = time.GetTimestamp();
        watch = time.CreateTimer(_ => Look(), null, limits.Watch, limits.Watch);
        _ = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, scheduler);
    }

    /// <summary>Its number.</summary>
    public int Id => child.Id;

    /// <summary>How it ended, once it has.</summary>
    public Task<BackendDeath> Ended => ended.Task;

    /// <exception cref="IOException">It can't be started.</exception>
    public static BackendProcess Start(BackendProgram program, BackendLimits limits, TaskScheduler scheduler, TimeProvider time, ILoggerFactory loggers)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(static pair => KeyValuePair.Create((string)pair.Key, (string?)pair.Value))
            .Where(static pair => !Array.Exists(OwnPrefixes, own => pair.Key.StartsWith(own, StringComparison.OrdinalIgnoreCase))
                && !Array.Exists(SecretSuffixes, secret => pair.Key.EndsWith(secret, StringComparison.OrdinalIgnoreCase)));

        // No dump of strangers' inputs is left when it crashes.
        return new BackendProcess(ChildProcess.Start(program.FileName, program.Arguments, [.. environment, new("DOTNET_EnableDiagnostics", "0")]), limits, scheduler, time, loggers);
    }

    /// <summary>Calls, and waits for the answer. A call that is cancelled and does not end ends the process.</summary>
    /// <param name="call">What.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InferenceException">The backend's own refusal.</exception>
    /// <exception cref="BackendDeathException">The process ended.</exception>
    public async Task<Frame> CallAsync(BackendCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var number = Interlocked.Increment(ref calls);
        using var own = new PendingCall(call.Into);
        pending[number] = own;
        if (call.Model is not null)
        {
            work[number] = new Work(call.Model, call.Progress);
        }

        try
        {
            await SendAsync(call.Kind, number, call.Head, call.Body);
            using var cancelling = cancellationToken.Register(() => _ = CancelAsync(number, own));
            if (call.Limit is { } limit)
            {
                own.EndAfter(time, limit, () => End(ErrorCodes.BackendHung, FormattableString.Invariant($"did not answer within {limit.TotalSeconds:0.###} s, and its process was ended")));
            }

            var answer = await own.Answer.Task;
            return answer with { Call = number };
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new InferenceException("The backend ended the call by itself.");
        }
        finally
        {
            pending.TryRemove(number, out _);
            if (!call.StaysOpen || !own.Answer.Task.IsCompletedSuccessfully)
            {
                work.TryRemove(number, out _);
            }
        }
    }

    /// <summary>Gives up what a call left open.</summary>
    public void Close(int opened)
    {
        if (work.TryRemove(opened, out _) && !ended.Task.IsCompleted)
        {
            _ = TrySendAsync(FrameKind.Close, opened);
        }
    }

    /// <summary>Reads an answer's head.</summary>
    /// <exception cref="BackendDeathException">It is no such answer; the process is ended.</exception>
    public async Task<T> ReadAsync<T>(Frame answer, JsonTypeInfo<T> type)
    {
        try
        {
            return BackendJson.Read(answer.Head, type);
        }
        catch (JsonException wrong)
        {
            throw await MalformedAsync(wrong.Message);
        }
    }

    /// <summary>Ends the process for an answer that can't be one.</summary>
    public async Task<Exception> MalformedAsync(string why)
    {
        End(ErrorCodes.BackendMalformed, $"gave what is no answer ({why.TrimEnd('.')}), and its process was ended");
        return new BackendDeathException(await ended.Task);
    }

    public void Dispose()
    {
        End("", "is not needed any more");
        watch.Dispose();
    }

    private void End(string code, string what)
    {
        lock (gate)
        {
            ending ??= (code, what);
        }

        child.Kill();
    }

    // A full pipe blocks its writer; who has much to say doesn't do it on the caller's thread.
    private async Task SendAsync(FrameKind kind, int number, byte[] head, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (body.Length > 16 * 1024)
            {
                await Task.Factory.StartNew(() => pipe.Write(kind, number, head, body.Span), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
            }
            else
            {
                pipe.Write(kind, number, head, body.Span);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new BackendDeathException(await ended.Task);
        }

        if (ended.Task.IsCompleted)
        {
            throw new BackendDeathException(await ended.Task);
        }
    }

    private Task TrySendAsync(FrameKind kind, int number) => Loops.Start(scheduler, () =>
    {
        try
        {
            pipe.Write(kind, number);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return Task.CompletedTask; // It has ended, which its reader tells.
        }

        return Task.CompletedTask;
    });

    private async Task CancelAsync(int number, PendingCall own)
    {
        own.EndAfter(time, limits.CancelGrace, () => End(
            ErrorCodes.BackendHung, FormattableString.Invariant($"went on for {limits.CancelGrace.TotalSeconds:0.###} s after it was cancelled, and its process was ended")));
        await TrySendAsync(FrameKind.Cancel, number);
    }

    private void Look()
    {
        if (limits.MemoryBytes > 0 && child.ResidentBytes() > limits.MemoryBytes)
        {
            End(ErrorCodes.BackendTookMemory, $"took more than {limits.MemoryBytes >> 20} MiB of memory (backend_memory_bytes), and its process was ended");
        }
        else if (waits && time.GetElapsedTime(Volatile.Read(ref asked)) > limits.Silence)
        {
            End(ErrorCodes.BackendHung, FormattableString.Invariant($"gave no sign of life for {limits.Silence.TotalSeconds:0.###} s, and its process was ended"));
        }
        else if (!waits && !pending.IsEmpty && time.GetElapsedTime(Volatile.Read(ref answered)) > limits.AskEvery)
        {
            Volatile.Write(ref asked, time.GetTimestamp());
            waits = true;
            _ = TrySendAsync(FrameKind.Ping, 0);
        }
    }

    private void Read()
    {
        Exception? fault = null;
        try
        {
            while (pipe.Read(Place) is { } frame)
            {
                Take(frame);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidDataException or JsonException)
        {
            fault = e;
        }

        var (exit, said) = child.Outcome();
        lock (gate)
        {
            ended.TrySetResult(BackendDeath.Of(ending, fault, exit, said, [.. work.Values.Select(static one => one.Model).Distinct(StringComparer.Ordinal)]));
        }

        watch.Dispose();
        foreach (var call in pending.Values)
        {
            call.Answer.TrySetException(new BackendDeathException(ended.Task.Result));
        }

        child.Dispose();
    }

    private float[]? Place(int call, int bytes) =>
        pending.TryGetValue(call, out var own) && own.Into is { } place && place.Length == bytes / sizeof(float) && bytes % sizeof(float) == 0 ? place : null;

    private void Take(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Pong:
                Volatile.Write(ref answered, time.GetTimestamp());
                waits = false;
                break;
            case FrameKind.Progress when frame.Body.Length == 1:
                if (work.TryGetValue(frame.Call, out var at))
                {
                    at.Progress?.Report(frame.Body.Span[0]);
                }

                break;
            case FrameKind.Log:
                var line = BackendJson.Read(frame.Head, BackendJson.Default.LogLine);
                var (log, level) = (loggers.CreateLogger(line.Category), (LogLevel)Math.Clamp(line.Level, (int)LogLevel.Trace, (int)LogLevel.Critical));
                if (log.IsEnabled(level))
                {
                    BackendLog.Said(log, level, line.Text);
                }

                break;
            case FrameKind.Result:
                Find(frame.Call).Answer.TrySetResult(frame);
                break;
            case FrameKind.Failed:
                Find(frame.Call).Answer.TrySetException(new InferenceException(BackendJson.Read(frame.Head, BackendJson.Default.FailedAnswer).Message));
                break;
            case FrameKind.Cancelled:
                Find(frame.Call).Answer.TrySetCanceled();
                break;
            default:
                throw new InvalidDataException($"a frame of kind {frame.Kind} is no answer");
        }
    }

    private PendingCall Find(int call) => pending.TryGetValue(call, out var own) ? own : throw new InvalidDataException($"nobody waits for the answer to call {call}");

    /// <summary>What is under way, between two calls too.</summary>
    private sealed record Work(string Model, IProgress<int>? Progress);

    private sealed class PendingCall(float[]? into) : IDisposable
    {
        private readonly List<ITimer> timers = [];
        private bool disposed;

        public float[]? Into => into;

        public TaskCompletionSource<Frame> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Does something unless the call is over by then.</summary>
        public void EndAfter(TimeProvider time, TimeSpan limit, Action end)
        {
            lock (timers)
            {
                if (!disposed)
                {
                    timers.Add(time.CreateTimer(_ => end(), null, limit, Timeout.InfiniteTimeSpan));
                }
            }
        }

        public void Dispose()
        {
            lock (timers)
            {
                disposed = true;
                timers.ForEach(static timer => timer.Dispose());
            }
        }
    }
}

/// <summary>A call to a backend's process.</summary>
/// <param name="Kind">What.</param>
/// <param name="Head">Its JSON.</param>
internal sealed record BackendCall(FrameKind Kind, byte[] Head)
{
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The model that it is about.</summary>
    public string? Model { get; init; }

    /// <summary>Where the answer's body goes when it has as many numbers.</summary>
    public float[]? Into { get; init; }

    public IProgress<int>? Progress { get; init; }

    /// <summary>How long it may take; null where it is cancelled by who wants it.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Whether it begins something that <see cref="BackendProcess.Close"/> ends.</summary>
    public bool StaysOpen { get; init; }
}
