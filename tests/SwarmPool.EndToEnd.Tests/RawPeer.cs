using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A stranger with a transport and a key, who says what a well-behaved client would not.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    public static readonly EnsName Pool = EnsName.Parse("swarmpool.eth");

    private static readonly byte[] Input = "what no model can read"u8.ToArray();

    private readonly IHost host;
    private readonly ConcurrentQueue<JobRejectedItem> rejected = new();
    private readonly ConcurrentQueue<JobNewItem> accepted = new();
    private readonly CancellationTokenSource stop = new();

    private RawPeer(IHost host, PrivateKeySigner signer)
    {
        this.host = host;
        Signer = signer;
    }

    public PrivateKeySigner Signer { get; }

    public IReadOnlyCollection<JobNewItem> Accepted => accepted;

    private ITransport Transport => host.Services.GetRequiredService<ITransport>();

    /// <param name="folder">The pool.</param>
    /// <param name="name">Whose key it has.</param>
    public static async Task<RawPeer> ConnectAsync(PoolFolder folder, string name = "clinic.clientswarm.eth")
    {
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().Build(), folder.Root);
        builder.UseEmbeddedTransport(o => o.Url = folder.Url);
        builder.Require<ITransport>("the test");
        var signer = KeyLoader.Load(new SignerOptions { KeyFile = folder.Path("keys", name + ".key") }, "the test");
        var peer = new RawPeer(builder.Build(), signer);
        await peer.host.StartAsync();
        await peer.PutAsync(Input);
        await peer.ListenAsync<JobsRejected, JobRejectedItem>(SnapshotTypes.JobsRejected, peer.rejected);
        await peer.ListenAsync<JobsNew, JobNewItem>(SnapshotTypes.JobsNew, peer.accepted);
        return peer;
    }

    public JobSnapshot Job() => new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        Nonce = Nonce.FromRandom(),
        Client = EnsName.Parse("clinic.clientswarm.eth"),
        JobType = "image-classification",
        Model = "digits-16",
        InputCid = ContentAddress.Of(Input),
        Payment = new JobPayment(Usdc.FromMicro(100_000)),
        Deadline = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600,
    };

    public async Task<SignedSnapshot> SendAsync(JobSnapshot job)
    {
        var signed = await SignAsync(job);
        await SendAsync(signed);
        return signed;
    }

    public async Task<SignedSnapshot> SignAsync(Snapshot body) => await SnapshotCodec.SignAsync(body, Signer, CancellationToken.None);

    public async Task SendAsync(SignedSnapshot signed) =>
        await Transport.PubSub.PublishAsync(Topics.Of(Pool, Topics.Inbound(signed.Body.Type)), signed.Bytes, CancellationToken.None);

    public async Task<Cid> PutAsync(ReadOnlyMemory<byte> content) => await Transport.Content.PutAsync(content, CancellationToken.None);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) =>
        await Transport.PubSub.PublishAsync($"/{Pool}/jobs", bytes, CancellationToken.None);

    public Task<JobRejectedItem> RejectedAsync(Cid job) => HearAsync(rejected, item => item.Cid == job, $"refuse the job {job}");

    public Task<JobNewItem> AcceptedAsync(Cid job) => HearAsync(accepted, item => item.Cid == job, $"take the job {job}");

    public static async Task<TItem> HearAsync<TItem>(ConcurrentQueue<TItem> heard, Func<TItem, bool> wanted, string what)
        where TItem : class
    {
        for (var i = 0; i < 300; i++)
        {
            if (heard.FirstOrDefault(wanted) is { } item)
            {
                return item;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"The pool did not {what} within 15 s.");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await host.StopAsync();
        host.Dispose();
        Signer.Dispose();
        stop.Dispose();
    }

    public async Task ListenAsync<TAnnouncement, TItem>(string type, ConcurrentQueue<TItem> queue)
        where TAnnouncement : Announcement<TItem>
    {
        var subscription = await Transport.PubSub.SubscribeAsync($"/{Pool}/{type}", stop.Token);
        _ = ReadAsync();

        async Task ReadAsync()
        {
            await foreach (var message in subscription.ReadAllAsync(stop.Token))
            {
                var bytes = SnapshotPointer.TryRead(message.Payload.Span, out var cid) ? await Transport.Content.GetAsync(cid, SnapshotCodec.MaxBytes, stop.Token) : message.Payload;
                Assert.True(SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal), refusal?.ToString());
                foreach (var item in ((TAnnouncement)snapshot.Body).Items)
                {
                    queue.Enqueue(item);
                }
            }
        }
    }
}
