using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>Keeps the miner registered: registers until the pool answers, and again when the pool turns out not to know it.</summary>
internal sealed class Registration(
    MinerMessageFactory messages, RetryingSender sender, PayoutCheck payout, MinerOffer offer, ModelOffers offers, MiningMode mode, IMinerObserver observer, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private TaskCompletionSource registered = NewSignal();
    private TaskCompletionSource lapsed = NewSignal();
    private Pending? pending;
    private volatile MinerOffer offered = offer;

    /// <summary>Why the pool refused the last registration; empty when it did not.</summary>
    public string LastRefusal { get; private set; } = "";

    public bool IsRegistered => registered.Task.IsCompleted;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return registered.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The pool does not know the miner (any more): register again.</summary>
    public void Invalidate()
    {
        lock (gate)
        {
            if (registered.Task.IsCompleted)
            {
                registered = NewSignal();
                lapsed.TrySetResult();
            }
        }
    }

    /// <summary>There is something new to say: registers again, and goes on as registered meanwhile.</summary>
    public void Renew()
    {
        lock (gate)
        {
            lapsed.TrySetResult();
        }
    }

    /// <summary>Registers again, with what is left.</summary>
    public void Offer(MinerOffer left)
    {
        offered = left;
        offers.Narrow(left);
        Invalidate();
    }

    public void Hear(Snapshot announcement)
    {
        var mine = pending;
        switch (announcement)
        {
            case MinersJoined joined when mine is not null:
                foreach (var item in joined.Items)
                {
                    if (item.Miner == messages.Miner && item.RegisteredAt >= mine.Timestamp)
                    {
                        mine.Answer.TrySetResult(new Answer(item.Address, "", ""));
                    }
                }

                break;
            case MinersRejected rejected when mine is not null:
                foreach (var item in rejected.Items)
                {
                    if (item.Miner == messages.Miner && !PassingRefusals.Contains(item.Code))
                    {
                        mine.Answer.TrySetResult(new Answer(null, item.Code, item.Reason));
                    }
                }

                break;
            default:
                break; // Not about registrations, or we asked for none.
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await RegisterAsync(cancellationToken);
            Task again;
            lock (gate)
            {
                lapsed = NewSignal();
                again = lapsed.Task;
                registered.TrySetResult();
            }

            await again.WaitAsync(cancellationToken);
        }
    }

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            // Signed anew each time: a pool takes a registration only when it is newer than the last of that name.
            var said = offers.Now();
            var snapshot = await messages.RegistrationAsync(offered.Registered, offered.Gpus, mode, said, cancellationToken);
            var mine = new Pending(snapshot.Body.Timestamp);
            pending = mine;
            using var fresh = new CancellationTokenSource(Freshness.SignAnewAfter, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(fresh.Token, cancellationToken);
            try
            {
                await sender.SendUntilAsync(snapshot, mine.Answer.Task, both.Token);
            }
            catch (OperationCanceledException) when (fresh.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                continue; // Nobody answered for so long that it is no longer fresh.
            }

            var answer = await mine.Answer.Task;
            if (answer.Address is { } address)
            {
                if (await payout.CheckAsync(address, cancellationToken) is not { } differs)
                {
                    LastRefusal = "";
                    offers.Said(said);
                    if (!IsRegistered)
                    {
                        observer.Registered(address); // Else only what it says of its models is new.
                    }

                    return;
                }

                answer = new Answer(null, differs.Code, differs.Reason);
            }

            LastRefusal = $"{answer.Code}: {answer.Reason}";
            observer.RegistrationRefused(answer.Code, answer.Reason);
            if (answer.Code == ErrorCodes.PayoutDiffers)
            {
                throw new SwarmPoolException(answer.Code, answer.Reason); // Not one more job for whoever that is.
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Answer(EthAddress? Address, string Code, string Reason);

    private sealed record Pending(long Timestamp)
    {
        public TaskCompletionSource<Answer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
