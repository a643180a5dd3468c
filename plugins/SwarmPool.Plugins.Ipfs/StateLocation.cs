using System.Diagnostics.CodeAnalysis;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs;

/// <summary>
/// A location that a pool's name gives for its state: <c>ipfs://CID</c>, <c>ipns://NAME</c>, the same as paths, or a CID, each with a path
/// behind it where there is one. What has none leads to the pool's public tree, where the state is <c>state.json</c>.
/// </summary>
/// <param name="Root"><c>/ipfs/CID</c> or <c>/ipns/NAME</c>, in one spelling.</param>
/// <param name="Path">The path that a node resolves.</param>
/// <param name="Content">The content, where the location is its CID; null where a node has to look.</param>
internal readonly record struct StateLocation(string Root, string Path, Cid? Content)
{
    private const string StateFile = "state.json";

    /// <exception cref="TransportException">It is not valid.</exception>
    public static StateLocation Parse(string location) => TryParse(location, out var place, out var problem)
        ? place
        : throw new TransportException(TransportFault.NotFound, problem);

    /// <summary>Reads a location. Domains in the place of a key's name are not followed: that would be another naming system's word.</summary>
    public static bool TryParse(string location, out StateLocation place, [NotNullWhen(false)] out string? problem)
    {
        place = default;
        problem = null;
        var (space, rest) = Split(location);
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (root, path) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..].Trim('/'));
        if (path.Split('/').Contains("..") || path.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._$-/"))
        {
            problem = "its path has characters other than letters, digits, . _ $ - and /";
        }
        else if (space == "ipfs" && NodeCid.TryParse(root, out var cid))
        {
            var isContent = path.Length == 0 && cid.Codec == Cid.RawCodec;
            place = new StateLocation($"/ipfs/{cid}", $"/ipfs/{cid}/{(path.Length == 0 ? StateFile : path)}", isContent ? cid : null);
        }
        else if (space == "ipns" && IpnsName.TryParse(root, out var name))
        {
            place = new StateLocation($"/ipns/{name}", $"/ipns/{name.ToPeerText()}/{(path.Length == 0 ? StateFile : path)}", null);
        }
        else
        {
            problem = "it is neither ipfs://CID nor ipns://NAME with a key's name";
        }

        return problem is null;
    }

    /// <summary>Whether it leads where another does.</summary>
    public bool Leads(string other) => TryParse(other, out var there, out _) && there == this;

    private static (string Space, string Behind) Split(string location) => location switch
    {
        _ when location.StartsWith("ipfs://", StringComparison.Ordinal) || location.StartsWith("ipns://", StringComparison.Ordinal) => (location[..4], location[7..]),
        _ when location.StartsWith("/ipfs/", StringComparison.Ordinal) || location.StartsWith("/ipns/", StringComparison.Ordinal) => (location[1..5], location[6..]),
        _ => ("ipfs", location),
    };
}
