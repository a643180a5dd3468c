using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>Where a node's RPC API is, and what it is shown there. Its text never holds the secret.</summary>
internal sealed class NodeAddress
{
    private NodeAddress(Uri root, AuthenticationHeaderValue? authorization, string? auth)
    {
        Root = root;
        Secrets = Redactor.For([root.OriginalString, auth], [authorization?.Parameter]);
        Authorization = authorization;
    }

    /// <summary>The API's root, with a slash at its end and no user in it.</summary>
    public Uri Root { get; }

    public AuthenticationHeaderValue? Authorization { get; }

    /// <summary>Takes what authorizes a call out of what a library or the node says.</summary>
    public Redactor Secrets { get; }

    /// <summary>Reads an address such as <c>http://127.0.0.1:5001</c> and a secret such as <c>bearer:token</c> or <c>basic:user:password</c>.</summary>
    /// <param name="problem">What is wrong, without the secret.</param>
    public static bool TryParse(string? api, string? auth, [NotNullWhen(true)] out NodeAddress? address, out string problem)
    {
        address = null;
        if (!Uri.TryCreate(api, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            problem = "api: this is not the address of an RPC API; write it like http://127.0.0.1:5001";
            return false;
        }

        if (uri.UserInfo.Length > 0)
        {
            problem = "api: a user and a password do not belong in the address; put them into auth or auth_file as basic:user:password";
            return false;
        }

        if (!TryReadAuthorization(auth, out var authorization))
        {
            problem = "auth: write bearer:TOKEN or basic:USER:PASSWORD, as in the node's API.Authorizations";
            return false;
        }

        var path = uri.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/api/v0", StringComparison.Ordinal))
        {
            path = path[..^"/api/v0".Length];
        }

        address = new NodeAddress(new UriBuilder(uri) { Path = path + "/" }.Uri, authorization, auth);
        problem = "";
        return true;
    }

    /// <summary>Scheme, host and port: with a hosted node a key follows.</summary>
    public override string ToString() => Root.GetLeftPart(UriPartial.Authority);

    private static bool TryReadAuthorization(string? auth, out AuthenticationHeaderValue? authorization)
    {
        authorization = null;
        if (string.IsNullOrEmpty(auth))
        {
            return true;
        }

        var separator = auth.IndexOf(':', StringComparison.Ordinal);
        var secret = separator < 0 ? "" : auth[(separator + 1)..];
        if (secret.Length == 0 || secret.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0)
        {
            return false;
        }

        switch (auth[..separator])
        {
            case "bearer":
                authorization = new AuthenticationHeaderValue("Bearer", secret);
                return true;
            case "basic" when secret.Contains(':', StringComparison.Ordinal):
                authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)));
                return true;
            default:
                return false;
        }
    }
}
