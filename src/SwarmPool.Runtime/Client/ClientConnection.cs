using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>Keeps a client connected: connects, and when the connection ends, connects again, with growing pauses and without end.</summary>
/// <param name="pool">The pool, for messages.</param>
/// <param name="link">Makes a connection.</param>
/// <param name="schedulers">Where it runs.</param>
/// <param name="time">The clock of its pauses.</param>
/// <param name="logger">Is told of what fails.</param>
/// <param name="life">Ends with the client.</param>
/// <remarks>Thread-safe, but for its start, which is one.</remarks>
internal sealed class ClientConnection(
    string pool, ClientLink link, SwarmPoolSchedulers schedulers, TimeProvider time, ILogger<PoolClient> logger, CancellationTokenSource life)
{
    /// <summary>How long a host's start waits for the first attempt, which tells at once what no patience mends.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly CancellationToken stopped = life.Token;
    private readonly TaskCompletionSource<Exception?> firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<CancellationToken, Task>? connectTransport;
    private Task? keeping;

    public ConnectionStatus Status { get; } = new(time);

    /// <summary>Connects before it completes. The transport has started.</summary>
    /// <exception cref="SwarmPoolException">It can't.</exception>
    /// <exception cref="TransportException">It can't.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Status.Set(PoolConnectionState.Connecting);
        var current = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        try
        {
            var listen = await link.ConnectAsync(current, Follow, cancellationToken);
            Status.Set(PoolConnectionState.Connected);
            keeping = Loops.Start(schedulers.Roles, () => KeepAsync(listen, current));
        }
        catch
        {
            await EndAsync(current);
            throw;
        }
    }

    /// <summary>
    /// Begins to connect, transport first, and goes on in the background. It waits a moment for the first attempt, so that a host that
    /// has started is connected where that is possible at once.
    /// </summary>
    /// <exception cref="SwarmPoolException">What waiting won't mend: no such name, or a key that is not its own.</exception>
    public async Task StartInBackgroundAsync(Func<CancellationToken, Task> transport, CancellationToken cancellationToken)
    {
        connectTransport = transport;
        Status.Set(PoolConnectionState.Connecting);
        keeping = Loops.Start(schedulers.Roles, () => KeepAsync(null, null));
        try
        {
            if (await firstAttempt.Task.WaitAsync(StartPatience, time, cancellationToken) is { } failed && !MayPass(failed))
            {
                await StopAsync();
                ExceptionDispatchInfo.Throw(failed);
            }
        }
        catch (TimeoutException)
        {
            ClientLog.GoesOnConnecting(logger, pool);
        }
    }

    public Task CheckAsync(CancellationToken cancellationToken) => link.CheckAsync(cancellationToken);

    public async Task StopAsync()
    {
        if (!life.IsCancellationRequested)
        {
            await life.CancelAsync(); // A host may be stopped by two who end it at once, the second when all is disposed.
        }

        try
        {
            await (keeping ?? Task.CompletedTask);
        }
        finally
        {
            Status.End();
        }
    }

    /// <summary>Waits until connected, for at most so long.</summary>
    /// <exception cref="SwarmPoolException">SP5003: it was not in time, or the client has ended.</exception>
    /// <exception cref="InvalidOperationException">The client is not started.</exception>
    public async ValueTask RequireAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (keeping is null)
        {
            throw new InvalidOperationException("The client is not started: start its host first, so that it hears the pool's answers.");
        }

        if (Status.Current.State == PoolConnectionState.Connected)
        {
            return;
        }

        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (await Status.IsConnectedAsync(both.Token))
            {
                return;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotConnected($" within {patience.TotalSeconds:0} s");
        }

        throw NotConnected(": it has been stopped");
    }

    public SwarmPoolException NotConnected(string how) => new(
        ErrorCodes.NotConnected,
        $"The client is not connected to {pool}{how}. {(Status.Current.LastRefusal is { } why ? $"The last attempt failed: {why}" : "No attempt has ended yet.")}");

    [SuppressMessage("Reliability", "CA2000", Justification = "Whoever takes over the source of a connection ends it.")]
    private async Task KeepAsync(Func<Task>? listen, CancellationTokenSource? current)
    {
        for (var pause = FirstPause; !stopped.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            current ??= CancellationTokenSource.CreateLinkedTokenSource(stopped);
            try
            {
                listen ??= await ConnectAsync(current);
                pause = FirstPause;
                await listen();
                Status.Set(PoolConnectionState.Connecting);
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                return; // Stopped.
            }
            catch (Exception e) when (Explain(e) is { } refusal)
            {
                ClientLog.NotConnected(logger, pool, refusal.ToString(), pause);
                Status.Set(PoolConnectionState.Connecting, refusal);
                firstAttempt.TrySetResult(e);
            }
            catch (Exception e)
            {
                ClientLog.Deaf(logger, e, e.Message);
                Status.End(new Refusal(ErrorCodes.NotConnected, e.Message));
                firstAttempt.TrySetResult(e);
                await life.CancelAsync();
                throw;
            }
            finally
            {
                await EndAsync(current);
                (listen, current) = (null, null);
            }

            await Task.Delay(pause, time, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task<Func<Task>> ConnectAsync(CancellationTokenSource current)
    {
        if (connectTransport is { } connect)
        {
            await link.CheckAsync(current.Token); // What no transport mends is told before it is waited for.
            await connect(current.Token);
            connectTransport = null;
        }

        var listen = await link.ConnectAsync(current, Follow, current.Token);
        Status.Set(PoolConnectionState.Connected);
        ClientLog.Connected(logger, pool);
        firstAttempt.TrySetResult(null);
        return listen;
    }

    // Subscriptions outlive a loss of what the transport goes by, but nothing is heard and nothing leaves meanwhile.
    private void Follow(TransportLink by)
    {
        var now = by.Current;
        Status.Set(
            now.IsUp ? PoolConnectionState.Connected : PoolConnectionState.Connecting,
            now.IsUp ? null : new Refusal(ErrorCodes.TransportUnavailable, $"{by} is not reached ({now.Problem ?? "lost"}); it is tried again and again."));
    }

    // What was subscribed before an attempt failed ends with it.
    private static async Task EndAsync(CancellationTokenSource current)
    {
        await current.CancelAsync();
        current.Dispose();
    }

    private static bool MayPass(Exception failed) => failed is TransportException
        || failed is SwarmPoolException { Code: ErrorCodes.TransportUnavailable or ErrorCodes.NameUnavailable or ErrorCodes.NameDisputed };

    private static Refusal? Explain(Exception fault) => fault switch
    {
        SwarmPoolException known => new Refusal(known.Code, known.Message),
        TransportException transport => new Refusal(ErrorCodes.TransportUnavailable, transport.Message),
        _ => null,
    };
}
