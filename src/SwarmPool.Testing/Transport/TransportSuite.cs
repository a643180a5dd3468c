using System.Security.Cryptography;
using SwarmPool.Transport;

namespace SwarmPool.Testing.Transport;

/// <summary>
/// The contract of <see cref="ITransport"/> as tests: whole delivery to every subscriber of a topic and to no other, limits,
/// slow readers, content by CID, pointers, concurrency, cancellation, disposal.
/// </summary>
/// <remarks>
/// Inherit it in a public class and override <see cref="Make"/>. The suite expects no more than the contract gives: where a
/// message may be lost it is said again until it is heard, one that comes twice is counted once, and no order is asked for. Each test
/// uses topics, contents and pointers of its own, so that one long-lived network may serve all of them.
/// </remarks>
public abstract partial class TransportSuite : IAsyncLifetime
{
    private readonly List<ITransport> parties = [];
    private readonly string pool = "p" + RandomNumberGenerator.GetHexString(16, lowercase: true) + ".eth";

    /// <summary>How long a test waits for what has to come. It bounds failure only, nothing waits it out; default 60 seconds.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromSeconds(60);

    /// <summary>After how long an unheard message is published again, default 250 ms. A transport that loses nothing never waits for it.</summary>
    protected virtual TimeSpan SayAgainAfter => TimeSpan.FromMilliseconds(250);

    /// <summary>Whether content that one party put can be fetched by another, default true.</summary>
    protected virtual bool ContentIsShared => true;

    /// <summary>Whether a pointer that one party set is seen by another, default true.</summary>
    protected virtual bool PointersAreShared => true;

    /// <summary>Makes another party on this test's network, not started. The suite starts and disposes it.</summary>
    protected abstract ITransport Make();

    /// <summary>
    /// Waits until the parties see each other on a topic that at least one of them has subscribed to; called before the first message on
    /// it. Default: at once. A network whose peers need seconds to mesh waits here until they have.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="parties">The test's parties, all started.</param>
    /// <param name="cancellationToken">Cancelled when <see cref="Patience"/> ends.</param>
    protected virtual ValueTask ConnectAsync(string topic, IReadOnlyList<ITransport> parties, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    /// <summary>Called before each test. Whoever overrides it to start a network calls it first.</summary>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Disposes the test's parties. Whoever overrides it to stop a network calls it first.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var party in parties)
        {
            await party.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Makes and starts a party.</summary>
    protected async Task<ITransport> JoinAsync()
    {
        var party = Make();
        parties.Add(party);
        using var limit = new CancellationTokenSource(Patience);
        await party.StartAsync(limit.Token);
        return party;
    }

    /// <summary>A topic of this test's own pool.</summary>
    /// <param name="name">What follows the pool's name, e.g. "jobs/new".</param>
    protected string Topic(string name) => $"/{pool}/{name}";

    /// <summary>Asserts that the work fails with this fault.</summary>
    public static async Task<TransportException> ThrowsAsync(TransportFault fault, Func<Task> work)
    {
        var thrown = await Assert.ThrowsAsync<TransportException>(work);
        Assert.Equal(fault, thrown.Fault);
        return thrown;
    }

    private async Task<SubscriptionRecorder> ListenAsync(ITransport party, string topic)
    {
        using var limit = new CancellationTokenSource(Patience);
        return SubscriptionRecorder.On(await party.PubSub.SubscribeAsync(topic, limit.Token));
    }

    private async Task ConnectAsync(string topic)
    {
        using var limit = new CancellationTokenSource(Patience);
        await ConnectAsync(topic, parties, limit.Token);
    }

    /// <summary>Publishes a message, again and again if need be, until all have heard it.</summary>
    private async Task PublishAsync(ITransport publisher, string topic, byte[] payload, params SubscriptionRecorder[] ears)
    {
        using var limit = new CancellationTokenSource(Patience);
        var missing = ears.ToList();
        while (true)
        {
            await publisher.PubSub.PublishAsync(topic, payload, limit.Token);
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            soon.CancelAfter(SayAgainAfter);
            try
            {
                foreach (var ear in missing)
                {
                    await HearAsync(ear, payload, soon.Token);
                }

                return;
            }
            catch (OperationCanceledException)
            {
                missing.RemoveAll(ear => ear.Has(payload));
                Assert.False(limit.IsCancellationRequested, $"{missing.Count} of {ears.Length} subscriptions did not hear a message of {payload.Length} bytes on {topic} within {Patience}.");
            }
        }
    }

    private static async Task HearAsync(SubscriptionRecorder ear, byte[] payload, CancellationToken cancellationToken)
    {
        for (var change = ear.ChangeAsync(); !ear.Has(payload); change = ear.ChangeAsync())
        {
            Assert.False(ear.Ended.IsCompleted, "A subscription ended by itself.");
            await change.WaitAsync(cancellationToken);
        }
    }

    private static byte[] Fresh(int bytes) => RandomNumberGenerator.GetBytes(bytes);
}
