using Microsoft.Extensions.Logging;

namespace SwarmPool.Plugins.Ipfs;

internal static partial class IpfsLog
{
    [LoggerMessage(7501, LogLevel.Information, "The IPFS node at {Node} is {Peer} ({Agent})")]
    public static partial void NodeFound(ILogger logger, string node, string peer, string agent);

    [LoggerMessage(7502, LogLevel.Debug, "The IPFS node at {Node} is not reachable yet: {Reason}; next try in {Pause}")]
    public static partial void NodeAwaited(ILogger logger, string node, string reason, TimeSpan pause);

    [LoggerMessage(7511, LogLevel.Warning, "Lost the topic {Topic} on the IPFS node at {Node} ({Reason}); subscribing again in {Pause} and until it is back")]
    public static partial void FeedLost(ILogger logger, string topic, string node, string reason, TimeSpan pause);

    [LoggerMessage(7512, LogLevel.Information, "The topic {Topic} on the IPFS node at {Node} is back")]
    public static partial void FeedBack(ILogger logger, string topic, string node);

    [LoggerMessage(7513, LogLevel.Debug, "Dropped what is not a message, or is too large, on {Topic}")]
    public static partial void LineSkipped(ILogger logger, string topic);

    [LoggerMessage(7521, LogLevel.Information, "The node is connected to its peer {Peer}")]
    public static partial void PeerConnected(ILogger logger, string peer);

    [LoggerMessage(7522, LogLevel.Warning, "The node can't connect to its peer {Peer} ({Reason}); trying again until it can")]
    public static partial void PeerMissing(ILogger logger, string peer, string reason);

    [LoggerMessage(7523, LogLevel.Debug, "The node does not list its peers now: {Reason}")]
    public static partial void PeersUnknown(ILogger logger, string reason);

    [LoggerMessage(7531, LogLevel.Warning, "The public files of {Pool} can't be written now: {Reason}. They are read again and written in {Pause}")]
    public static partial void TreeBehind(ILogger logger, string pool, string reason, TimeSpan pause);

    [LoggerMessage(7532, LogLevel.Warning, "{Count} files of {Pool} are not shown: a folder shows at most {Most} ('tree_files')")]
    public static partial void FilesLeftOut(ILogger logger, string pool, int count, int most);

    [LoggerMessage(7533, LogLevel.Debug, "{Path} is not shown, because the node does not have it: {Reason}")]
    public static partial void FileNotShown(ILogger logger, string path, string reason);

    [LoggerMessage(7541, LogLevel.Information, "The public files of {Pool} are at /ipns/{Name}")]
    public static partial void NamePublished(ILogger logger, string pool, string name);

    [LoggerMessage(7542, LogLevel.Information, "The public files of {Pool} have no IPNS name, because this node can't publish one: {Reason}. This is logged once")]
    public static partial void NameNotPublished(ILogger logger, string pool, string reason);
}
