using System.Net;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>What a node answered instead of what was asked for: its status and its own words, made printable and short.</summary>
internal sealed class NodeRefusal(HttpStatusCode status, string words) : Exception(words)
{
    private const int LongestWords = 300;

    public HttpStatusCode Status { get; } = status;

    public bool Says(string words) => Message.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>The node looked for content and gave up.</summary>
    public bool IsNotFound => Says("timed out") || Says("deadline exceeded") || Says("not found") || Says("no link named");

    /// <summary>A path of the node's file tree is not there.</summary>
    public bool IsNoSuchFile => Says("does not exist") || Says("file not found");

    /// <summary>Words from outside, as they may stand in a log: one line, no control characters, bounded.</summary>
    public static string Sayable(string words)
    {
        var line = string.Concat(words.Take(LongestWords).Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).Trim();
        return line.Length > 0 ? line : "it gave no reason";
    }
}
