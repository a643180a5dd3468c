using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>Hears all that a pool says, in order, and checks that the pool signed it.</summary>
internal sealed class MessageRecorder : IAsyncDisposable
{
    private static readonly string[] Types =
    [
        SnapshotTypes.JobsNew, SnapshotTypes.JobsRejected, SnapshotTypes.JobsCancelled, SnapshotTypes.JobsFailed, SnapshotTypes.ClaimsAccepted,
        SnapshotTypes.ClaimsRejected, SnapshotTypes.ClaimsTimeout, SnapshotTypes.ProofsAccepted, SnapshotTypes.ProofsRejected, SnapshotTypes.MinersJoined,
        SnapshotTypes.MinersRejected, SnapshotTypes.EpochsOpened, SnapshotTypes.EpochsSealed, SnapshotTypes.State, SnapshotTypes.RevocationsAccepted, SnapshotTypes.RevocationsRejected,
        SnapshotTypes.ProofsCommitted, SnapshotTypes.ChecksNew, SnapshotTypes.ChecksDecided,
    ];

    private readonly Lock gate = new();
    private readonly List<SignedSnapshot> heard = [];
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> loops = [];
    private TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<MessageRecorder> OpenAsync(ITransport transport)
    {
        var ear = new MessageRecorder();
        foreach (var type in Types)
        {
            ear.loops.Add(ear.ListenAsync(transport, await transport.PubSub.SubscribeAsync(Topics.Of(Messages.Pool, type), CancellationToken.None)));
        }

        return ear;
    }

    public IReadOnlyList<SignedSnapshot> Heard
    {
        get
        {
            lock (gate)
            {
                return [.. heard];
            }
        }
    }

    public IEnumerable<TItem> Items<TItem>() => Heard.Select(h => h.Body).OfType<Announcement<TItem>>().SelectMany(a => a.Items);

    public Task<TItem> ItemAsync<TItem>(Func<TItem, bool> wanted) => WaitAsync(() => Items<TItem>().Where(wanted).Take(1).ToList());

    public Task<SignedSnapshot> SnapshotAsync(Func<SignedSnapshot, bool> wanted) => WaitAsync(() => Heard.Where(wanted).Take(1).ToList());

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task<T> WaitAsync<T>(Func<List<T>> look)
    {
        var limit = DateTime.UtcNow.AddSeconds(15);
        while (true)
        {
            Task changed;
            lock (gate)
            {
                changed = news.Task;
            }

            if (look() is [var found, ..])
            {
                return found;
            }

            var left = limit - DateTime.UtcNow;
            if (left <= TimeSpan.Zero)
            {
                throw new TimeoutException($"The pool did not say it. It said: {string.Join(", ", Heard.Select(h => h.Body).Select(b => $"{b.Type}"))}");
            }

            await Task.WhenAny(changed, Task.Delay(left));
        }
    }

    private async Task ListenAsync(ITransport transport, ISubscription subscription)
    {
        await foreach (var message in subscription.ReadAllAsync(stop.Token))
        {
            var bytes = message.Payload;
            if (SnapshotPointer.TryRead(bytes.Span, out var cid))
            {
                bytes = await transport.Content.GetAsync(cid, SnapshotCodec.MaxBytes, stop.Token);
            }

            if (SnapshotCodec.TryDecode(bytes, out var snapshot, out _)
                && SnapshotSignature.TryRecover(snapshot, SignatureEngines.Best, out var account, out _)
                && account == TestKeys.Of(Messages.Pool).Address)
            {
                lock (gate)
                {
                    heard.Add(snapshot);
                    var told = news;
                    news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    told.SetResult();
                }
            }
        }
    }
}
