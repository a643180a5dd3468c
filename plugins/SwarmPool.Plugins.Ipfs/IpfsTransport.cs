using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.Content;
using SwarmPool.Plugins.Ipfs.InlineContents;
using SwarmPool.Plugins.Ipfs.Mfs;
using SwarmPool.Plugins.Ipfs.Peers;
using SwarmPool.Plugins.Ipfs.Pointers;
using SwarmPool.Plugins.Ipfs.PubSub;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs;

/// <summary>A party's transport: its own IPFS node, over the node's RPC API.</summary>
internal sealed class IpfsTransport : ITransport
{
    private const string ProbeTopic = "/swarmpool-probe";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly RpcChannel channel;
    private readonly PeerConnector peers;
    private readonly IpfsPubSub pubSub;
    private readonly PointerStore pointers;
    private readonly IpfsContentStore content;
    private readonly MfsTree? tree;
    private readonly IpfsPeerDiscovery discovery;
    private readonly TimeSpan patience;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private int disposed;

    private IpfsTransport(IpfsOptions options, RpcChannel channel, TimeProvider time, ILogger logger)
    {
        this.channel = channel;
        this.time = time;
        this.logger = logger;
        patience = TimeSpan.FromSeconds(options.ConnectTimeoutSeconds);
        var calls = new PubSubCalls(channel);
        var inlineContent = new InlineContent(options.EncloseBytes);
        peers = new PeerConnector(new SwarmCalls(channel), [.. options.Peers], time, logger);
        Link = new TransportLink("the IPFS node", $"{channel.Node}", patience);
        pubSub = new IpfsPubSub(calls, inlineContent, peers, Link, time, logger);
        var files = new FileCalls(channel);
        var names = new NameCalls(channel);
        var publisher = new IpnsPublisher(names, options.Tree && options.Ipns, time, logger);
        tree = options.Tree ? new MfsTree(files, publisher, options.TreeFiles, time, logger) : null;
        discovery = new IpfsPeerDiscovery(new SwarmCalls(channel), names, peers, publisher);
        pointers = new PointerStore(files, calls, pubSub, peers, TimeSpan.FromSeconds(options.ResolveSeconds), time);
        content = new IpfsContentStore(
            new ContentCalls(channel),
            pointers,
            inlineContent,
            new FetchLimiter(options.ParallelFetches, options.ParallelFetches * 8, time),
            options.MaxContentBytes,
            TimeSpan.FromSeconds(options.FetchSeconds));
    }

    public IContentStore Content => content;

    public IPublicTree? PublicTree => tree;

    public IPubSub PubSub => pubSub;

    public IPeerDiscovery? Rendezvous => discovery;

    public TransportLink? Link { get; }

    /// <summary>Makes the transport that valid options ask for.</summary>
    /// <exception cref="TransportException">The authorization's file can't be read, or says none.</exception>
    public static IpfsTransport Create(IpfsOptions options, string baseDirectory, IHttpClientFactory clients, TimeProvider time, ILogger logger)
    {
        var auth = Authorization(options, baseDirectory);
        using var first = clients.CreateClient(RpcChannel.ClientName); // Makes what clients share now, before us: so a container disposes it after us.
        return NodeAddress.TryParse(options.Api, auth, out var node, out var problem)
            ? new IpfsTransport(options, new RpcChannel(clients, node, time), time, logger)
            : throw new TransportException(TransportFault.Unavailable, $"The IPFS node's address or authorization can't be used: {problem}.");
    }

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        var node = await AwaitNodeAsync(cancellationToken);
        IpfsLog.NodeFound(logger, $"{channel.Node}", node.ID ?? "", node.AgentVersion ?? "");
        await CheckPubSubAsync(cancellationToken);
        await peers.StartAsync(node.ID ?? "", cancellationToken);
        Link?.Up();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        if (tree is not null)
        {
            await tree.DisposeAsync();
        }

        await pointers.DisposeAsync();
        await pubSub.DisposeAsync();
        await peers.DisposeAsync();
        content.Dispose();
    }

    private static string? Authorization(IpfsOptions options, string baseDirectory)
    {
        if (string.IsNullOrEmpty(options.AuthFile))
        {
            return options.Auth;
        }

        try
        {
            return SettingFile.FirstLine(Path.GetFullPath(options.AuthFile, baseDirectory), "auth_file");
        }
        catch (IOException e)
        {
            throw new TransportException(TransportFault.Unavailable, $"{e.Message} Write bearer:TOKEN or basic:USER:PASSWORD into it.", e);
        }
    }

    private async Task<NodeIdentity> AwaitNodeAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await new SwarmCalls(channel).IdentityAsync(cancellationToken);
            }
            catch (TransportException e) when (e.InnerException is not NodeErrorException && time.GetElapsedTime(began) + pause < patience)
            {
                // Not there yet. One that refuses is there: waiting would not help.
                Link?.Down(e.Message);
                IpfsLog.NodeAwaited(logger, $"{channel.Node}", e.Message, pause);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private async Task CheckPubSubAsync(CancellationToken cancellationToken)
    {
        try
        {
            await new PubSubCalls(channel).PeersAsync(ProbeTopic, cancellationToken);
        }
        catch (TransportException e) when (e.InnerException is NodeErrorException error)
        {
            throw new TransportException(
                TransportFault.Unavailable,
                $"Publish/subscribe is off on the IPFS node at {channel.Node} ({error.Message}). Turn it on: ipfs config --json Pubsub.Enabled true, then start the node again.",
                error);
        }
    }
}
