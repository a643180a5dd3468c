using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Finds another program that mines under this miner's name: both would do every job, and the pool pays one. Each hears the other's heartbeats, and
/// answers them; an answer to its own proves that the other runs. Then one goes on: the one that was there first, or the one that was told to take
/// over. The other claims nothing more and ends.
/// </summary>
/// <remarks>
/// Only what the name signed counts, checked as all else. A stranger that says old heartbeats again gets an answer a second and stops nobody.
/// Nothing is remembered of what is heard but the last other program.
/// </remarks>
internal sealed class SameNameWatch(
    MinerMessageFactory messages, RetryingSender sender, ITransport transport, SignerCheck signers, EnsName pool, MinerCounts counts, IMinerObserver observer,
    TimeProvider time, ILogger<SameNameWatch> logger)
{
    // How long a start listens, and how often it knocks meanwhile: a message may be lost.
    private static readonly TimeSpan[] Knocks = [TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(700)];

    // Then again: over a network that is still finding itself nobody may have heard the first.
    private static readonly TimeSpan[] LaterKnocks = [TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(10)];

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private const int ChecksASecond = 20;
    private const int MostBytes = 4096;

    private readonly TaskCompletionSource<SwarmPoolException> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] name = System.Text.Encoding.UTF8.GetBytes(messages.Miner.Text);
    private string known = "";
    private Task aside = Task.CompletedTask;
    private long answered;
    private (long Since, int Count) checks;

    /// <summary>Completes when this program is the one to end, with what to end with.</summary>
    public Task<SwarmPoolException> Lost => lost.Task;

    /// <summary>Subscribes; the returned task runs until cancelled.</summary>
    public async ValueTask<Task> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            return ListenAsync(await transport.PubSub.SubscribeAsync(Topics.Of(pool, Topics.Heartbeats), cancellationToken), cancellationToken);
        }
        catch (TransportException e)
        {
            MinerLog.SameNameUnheard(logger, e.Message); // A network may let miners write there and not read.
            return Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
    }

    /// <summary>Asks for another program of this name, for about a second.</summary>
    /// <exception cref="SwarmPoolException">SP3304: there is one, and it goes on.</exception>
    public async Task KnockAsync(CancellationToken cancellationToken)
    {
        foreach (var wait in Knocks)
        {
            await SayAsync(null, cancellationToken);
            await Task.WhenAny(Lost, Task.Delay(wait, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (Lost.IsCompleted)
            {
                throw await Lost;
            }
        }
    }

    /// <summary>Asks again, a little later; afterwards the heartbeats do it. Runs until cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var wait in LaterKnocks)
        {
            await Task.Delay(wait, time, cancellationToken);
            await SayAsync(null, cancellationToken);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
    }

    private async Task ListenAsync(ISubscription subscription, CancellationToken cancellationToken)
    {
        await using (subscription)
        {
            await foreach (var message in subscription.ReadAllAsync(cancellationToken))
            {
                if (message.Payload.Length <= MostBytes
                    && message.Payload.Span.IndexOf(name) >= 0
                    && SnapshotCodec.TryDecode(message.Payload, out var snapshot, out _)
                    && snapshot.Body is HeartbeatSnapshot heartbeat
                    && heartbeat.Miner == messages.Miner && heartbeat.Pool == pool && heartbeat.Network == signers.Network
                    && !messages.Instances.IsOwn(heartbeat.Nonce)
                    && MayCheck())
                {
                    await CheckAsync(snapshot, heartbeat, cancellationToken);
                }
            }
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            throw new SwarmPoolException(ErrorCodes.TransportUnavailable, $"The transport ended the subscription to {Topics.Heartbeats}; start again.");
        }
    }

    // Another delegation than ours may have to be fetched, and anybody can name one that is nowhere: one at a time, beside all else.
    private async ValueTask CheckAsync(SignedSnapshot snapshot, HeartbeatSnapshot heartbeat, CancellationToken cancellationToken)
    {
        if (heartbeat.Delegation is null || heartbeat.Delegation == messages.Delegation)
        {
            await HearIfSignedAsync(snapshot, heartbeat, cancellationToken);
        }
        else if (aside.IsCompleted)
        {
            await aside;
            aside = HearIfSignedAsync(snapshot, heartbeat, cancellationToken);
        }
    }

    private async Task HearIfSignedAsync(SignedSnapshot snapshot, HeartbeatSnapshot heartbeat, CancellationToken cancellationToken)
    {
        if ((await signers.CheckAsync(snapshot, cancellationToken)).Refusal is null)
        {
            await HearAsync(heartbeat, cancellationToken);
        }
    }

    // A flood of forgeries must not cost more signature checks than that.
    private bool MayCheck()
    {
        if (checks.Count == 0 || time.GetElapsedTime(checks.Since) >= Second)
        {
            checks = (time.GetTimestamp(), 0);
        }

        return ++checks.Count <= ChecksASecond;
    }

    private async ValueTask HearAsync(HeartbeatSnapshot other, CancellationToken cancellationToken)
    {
        var goesOn = !IsBefore(other);
        if (!messages.Instances.AnswersUs(other.Nonce))
        {
            await AnswerAsync(other, goesOn, cancellationToken);
            return;
        }

        var instance = InstanceNonces.InstanceOf(other.Nonce);
        if (known == instance)
        {
            return;
        }

        known = instance;
        var since = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(other.Stats?.StartedAt ?? 0, 0, 253_402_300_799));
        MinerLog.SameName(logger, messages.Miner.Text, since, goesOn);
        observer.AnotherOfThisName(since, goesOn);
        if (!goesOn)
        {
            lost.TrySetResult(new SwarmPoolException(
                ErrorCodes.MinerNameTaken,
                $"Another program mines as {messages.Miner} at {pool}, started at {since:u}: both would do every job, and one is paid. {(InstanceNonces.TakesOver(instance) ? "It was told to take over, so this one ends." : "Stop that one, give this one a name of its own, or start it with --take-over: then the other ends.")}"));
        }
    }

    // It may be an old one, said again: only who answers us runs. Where it would go on before us we ask it at once, and else with our next heartbeat.
    private async ValueTask AnswerAsync(HeartbeatSnapshot other, bool goesOn, CancellationToken cancellationToken)
    {
        if (answered != 0 && time.GetElapsedTime(answered) < Second)
        {
            return;
        }

        answered = time.GetTimestamp();
        await SayAsync(messages.Instances.Answer(other.Nonce), cancellationToken);
        if (!goesOn)
        {
            await SayAsync(null, cancellationToken);
        }
    }

    private async ValueTask SayAsync(string? nonce, CancellationToken cancellationToken)
    {
        try
        {
            await sender.SendAsync(await messages.HeartbeatAsync(null, null, counts.Stats, cancellationToken, nonce), cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            MinerLog.HeartbeatLost(logger, e.Message); // Transport or signer: the next makes it good.
        }
    }

    // Both decide by the same two heartbeats' numbers, so exactly one of them is before the other.
    private bool IsBefore(HeartbeatSnapshot other)
    {
        var (own, others) = (messages.Instances.Instance, InstanceNonces.InstanceOf(other.Nonce));
        var takesOver = InstanceNonces.TakesOver(own);
        if (takesOver != InstanceNonces.TakesOver(others))
        {
            return !takesOver;
        }

        var later = (other.Stats?.StartedAt ?? 0).CompareTo(counts.Stats.StartedAt);
        return later == 0 ? string.CompareOrdinal(others, own) < 0 : later > 0 == takesOver;
    }
}
