using System.Text;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>One call: a command, its arguments, and where it has one, a body.</summary>
/// <param name="Command">Such as <c>block/put</c>.</param>
/// <param name="About">What it is about, for messages: a CID, a topic, a path; may be empty.</param>
internal sealed record RpcCall(string Command, string About = "")
{
    private readonly StringBuilder query = new();

    /// <summary>What is sent as the one part of a multipart body; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>How long until the node has answered with its headers, and where the answer is read as a whole, with all of it.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes of an answer that is read as a whole.</summary>
    public int MaxAnswerBytes { get; init; } = 1024 * 1024;

    public RpcCall With(string name, string value)
    {
        query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public RpcCall Arg(string value) => With("arg", value);

    public Uri Under(Uri root) => new(root, $"api/v0/{Command}{query}");

    public override string ToString() => About.Length == 0 ? Command : $"{Command} of {About}";
}
