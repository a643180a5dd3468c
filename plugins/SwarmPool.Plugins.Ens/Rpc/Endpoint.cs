using System.Diagnostics.CodeAnalysis;

namespace SwarmPool.Plugins.Ens.Rpc;

/// <summary>A node's JSON-RPC address. Its text is scheme, host and port: what follows is often a key.</summary>
internal sealed class Endpoint
{
    private const int MostSaid = 200;

    private readonly Redactor secrets;

    private Endpoint(Uri address)
    {
        Address = address;
        secrets = Redactor.For([address.OriginalString], [address.PathAndQuery.Trim('/')]);
    }

    /// <summary>The whole address, for the request alone.</summary>
    public Uri Address { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Endpoint? endpoint)
    {
        endpoint = Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
                ? new Endpoint(uri)
                : null;
        return endpoint is not null;
    }

    /// <summary>Takes the secret out of what a node or a library said, and control characters, and all beyond 200 characters.</summary>
    public string Clean(string said)
    {
        var text = secrets.Clean(said);
        text = text.Length > MostSaid ? string.Concat(text.AsSpan(0, MostSaid), Redactor.Mark) : text;
        return string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));
    }

    public override string ToString() => Address.GetLeftPart(UriPartial.Authority);
}
