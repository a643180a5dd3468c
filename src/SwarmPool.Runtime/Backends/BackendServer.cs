using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Scheduling;

namespace SwarmPool.Runtime.Backends;

/// <summary>The other side: does what the miner asks, until its end is closed. Then the process is gone at once, whatever the backend does.</summary>
/// <remarks>One thread reads, and answers by itself what asks for a sign of life; each call has a task of its own.</remarks>
internal sealed class BackendServer
{
    private readonly FramePipe pipe;
    private readonly Func<BackendComposition, ILoggerProvider, IInferenceBackend> compose;
    private readonly ConcurrentDictionary<int, CancellationTokenSource> working = new();
    private readonly ConcurrentDictionary<int, OpenedCall> opened = new();
    private IInferenceBackend? backend;

    private BackendServer(FramePipe pipe, Func<BackendComposition, ILoggerProvider, IInferenceBackend> compose) => (this.pipe, this.compose) = (pipe, compose);

    private IInferenceBackend Backend => backend ?? throw new InferenceException("There is no backend yet.");

    /// <summary>Serves; does not return.</summary>
    /// <param name="input">Frames from the miner.</param>
    /// <param name="output">Frames to it.</param>
    /// <param name="compose">Makes the backend of the first call, which logs to the given provider.</param>
    public static void Run(Stream input, Stream output, Func<BackendComposition, ILoggerProvider, IInferenceBackend> compose)
    {
        try
        {
            new BackendServer(new FramePipe(new BufferedStream(input, FramePipe.Together), output, FramePipe.MostRequestBytes), compose).Serve();
        }
        finally
        {
            Process.GetCurrentProcess().Kill(); // Not an exit, which would wait for what the backend has registered for that.
        }
    }

    private void Serve()
    {
        while (pipe.Read() is { } frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Ping:
                    pipe.Write(FrameKind.Pong, frame.Call);
                    break;
                case FrameKind.Cancel:
                    Cancel(frame.Call);
                    break;
                case FrameKind.Close:
                    if (opened.TryRemove(frame.Call, out var gone))
                    {
                        _ = Loops.Start(TaskScheduler.Default, gone.CloseAsync);
                    }

                    break;
                default:
                    var cancelling = new CancellationTokenSource();
                    working[frame.Call] = cancelling;
                    _ = Loops.Start(TaskScheduler.Default, () => AnswerAsync(frame, cancelling));
                    break;
            }
        }
    }

    private void Cancel(int call)
    {
        if (working.TryGetValue(call, out var cancelling))
        {
            _ = Loops.Start(TaskScheduler.Default, () => CancelAsync(cancelling));
        }
    }

    private static async Task CancelAsync(CancellationTokenSource cancelling)
    {
        try
        {
            await cancelling.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            return; // It has just ended.
        }
    }

    private async Task AnswerAsync(Frame frame, CancellationTokenSource cancelling)
    {
        try
        {
            await DoAsync(frame, cancelling.Token);
        }
        catch (OperationCanceledException) when (cancelling.IsCancellationRequested)
        {
            pipe.Write(FrameKind.Cancelled, frame.Call);
        }
        catch (IOException)
        {
            return; // The miner is gone; the reader ends the process.
        }
        catch (Exception failure)
        {
            var message = failure is InferenceException ? failure.Message : string.Join(" ", StartupErrors.Describe(failure));
            pipe.Write(FrameKind.Failed, frame.Call, BackendJson.Write(new FailedAnswer(Cut(message)), BackendJson.Default.FailedAnswer));
        }
        finally
        {
            working.TryRemove(frame.Call, out _);
            cancelling.Dispose();
        }
    }

    private async Task DoAsync(Frame frame, CancellationToken cancellationToken)
    {
        var (head, body) = (frame.Head, frame.Body);
        switch (frame.Kind)
        {
            case FrameKind.Compose:
                backend = compose(BackendJson.Read(head, BackendJson.Default.BackendComposition), new FrameLog(pipe));
                Answer(frame.Call, BackendJson.Write(new BackendComposed(backend.CanUnload), BackendJson.Default.BackendComposed));
                break;
            case FrameKind.Describe:
                Answer(frame.Call, BackendJson.Write(await Backend.DescribeAsync(cancellationToken), BackendJson.Default.BackendDescription));
                break;
            case FrameKind.Load:
                await Backend.LoadAsync(Model(head), cancellationToken);
                Answer(frame.Call, default);
                break;
            case FrameKind.Unload:
                Answer(frame.Call, BackendJson.Write(new UnloadAnswer(await Backend.UnloadAsync(Model(head), cancellationToken)), BackendJson.Default.UnloadAnswer));
                break;
            case FrameKind.Run:
                var result = await Backend.RunAsync(Request(head, body), new Reporter(pipe, frame.Call), cancellationToken);
                Answer(frame.Call, BackendJson.Write(OpenedCall.Of(result), BackendJson.Default.RunAnswer), result.Output.Span);
                break;
            case FrameKind.Stream:
                Open(frame.Call, OpenedCall.OfStream(Backend, Request(head, body), new Reporter(pipe, frame.Call)));
                break;
            case FrameKind.Open:
                await OpenTokensAsync(frame.Call, BackendJson.Read(head, BackendJson.Default.OpenCall), cancellationToken);
                break;
            case FrameKind.Encode:
                var prompt = BackendJson.Read(body, BackendJson.Default.PromptBody);
                var tokens = await (await TokensAsync(Model(head), cancellationToken)).EncodeAsync(
                    prompt.Text is null ? TokenPrompt.OfMessages(prompt.Messages) : TokenPrompt.OfText(prompt.Text), cancellationToken);
                Answer(frame.Call, default, MemoryMarshal.AsBytes(tokens.Span));
                break;
            case FrameKind.Begin:
                Open(frame.Call, OpenedCall.OfSequence(await (await TokensAsync(Model(head), cancellationToken)).BeginAsync(cancellationToken)));
                break;
            case FrameKind.Score:
                var score = BackendJson.Read(head, BackendJson.Default.ScoreCall);
                var all = OpenedCall.Tokens(body);
                Open(frame.Call, OpenedCall.OfScoring(await TokensAsync(score.Model, cancellationToken), all.AsMemory(0, score.PromptTokens), all.AsMemory(score.PromptTokens)));
                break;
            case FrameKind.Append or FrameKind.Next:
                var of = BackendJson.Read(head, BackendJson.Default.NextCall).Of;
                var (next, more) = await (opened.TryGetValue(of, out var begun) ? begun : throw new InferenceException("It is over.")).NextAsync(body, cancellationToken);
                Answer(frame.Call, next, more.Span);
                break;
            default:
                throw new InvalidDataException($"{frame.Kind} is no call.");
        }
    }

    private async Task OpenTokensAsync(int call, OpenCall asked, CancellationToken cancellationToken)
    {
        var model = await Backend.OpenTokensAsync(asked.Model, cancellationToken);
        using var table = new MemoryStream();
        if (model is not null && !asked.HasTokens)
        {
            var bytes = Enumerable.Range(0, model.Description.VocabularySize).Select(model.BytesOf).ToList();
            table.Write(MemoryMarshal.AsBytes<int>(bytes.Select(static one => one.Length).ToArray()));
            bytes.ForEach(one => table.Write(one.Span));
        }

        Answer(call, BackendJson.Write(new OpenAnswer(model?.Description), BackendJson.Default.OpenAnswer), table.GetBuffer().AsSpan(0, (int)table.Length));
    }

    private async Task<ITokenModel> TokensAsync(string model, CancellationToken cancellationToken) =>
        await Backend.OpenTokensAsync(model, cancellationToken) ?? throw new InferenceException($"The model {model} shows no tokens.");

    private void Open(int call, OpenedCall begun)
    {
        opened[call] = begun;
        Answer(call, default);
    }

    private void Answer(int call, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body = default)
    {
        if (body.Length > FramePipe.MostAnswerBytes)
        {
            throw new InferenceException(new Refusal(ErrorCodes.BackendMalformed, $"An answer has {body.Length} bytes; at most {FramePipe.MostAnswerBytes} come out of a backend's process.").ToString());
        }

        pipe.Write(FrameKind.Result, call, head, body);
    }

    private static string Model(ReadOnlyMemory<byte> head) => BackendJson.Read(head, BackendJson.Default.ModelCall).Model;

    private static InferenceRequest Request(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body) =>
        BackendJson.Read(head, BackendJson.Default.RunCall) is var run ? new(run.Model, run.JobType, body) : throw new JsonException();

    private static string Cut(string message) => message.Length <= 16 * 1024 ? message : message[..(16 * 1024)];

    private sealed class Reporter(FramePipe pipe, int call) : IProgress<int>
    {
        private int said = -1;

        public void Report(int value)
        {
            var percent = Math.Clamp(value, 0, 100);
            if (Interlocked.Exchange(ref said, percent) != percent)
            {
                pipe.Write(FrameKind.Progress, call, default, [(byte)percent]);
            }
        }
    }
}
