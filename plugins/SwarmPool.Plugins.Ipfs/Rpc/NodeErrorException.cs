using System.Net;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>What a node answered instead of what was asked for: its status and its own message, made printable and short.</summary>
internal sealed class NodeErrorException(HttpStatusCode status, string message) : Exception(message)
{
    private const int MaxChars = 300;

    public HttpStatusCode Status { get; } = status;

    public bool Contains(string message) => Message.Contains(message, StringComparison.OrdinalIgnoreCase);

    /// <summary>The node looked for content and gave up.</summary>
    public bool IsNotFound => Contains("timed out") || Contains("deadline exceeded") || Contains("not found") || Contains("no link named");

    /// <summary>A path of the node's file tree is not there.</summary>
    public bool IsNoSuchFile => Contains("does not exist") || Contains("file not found");

    /// <summary>Words from outside, as they may stand in a log: one line, no control characters, bounded.</summary>
    public static string Printable(string message)
    {
        var line = string.Concat(message.Take(MaxChars).Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).Trim();
        return line.Length > 0 ? line : "it gave no reason";
    }
}
