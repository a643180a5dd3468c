using Microsoft.Extensions.Options;
using SwarmPool.Plugins.Ipfs.Peers;
using SwarmPool.Plugins.Ipfs.Rpc;

namespace SwarmPool.Plugins.Ipfs;

/// <summary>What the section says that nobody reads.</summary>
internal sealed class IpfsSection
{
    public IReadOnlyList<string> UnknownKeys { get; set; } = [];
}

/// <summary>Sees that the options go together; all problems at once, none with a secret in it.</summary>
internal sealed class IpfsOptionsCheck : IValidateOptions<IpfsOptions>, IValidateOptions<IpfsSection>
{
    private const int MaxPeers = 64;

    public ValidateOptionsResult Validate(string? name, IpfsSection options) => Result(
        options.UnknownKeys.Select(static key => $"{key}: no such option of the IPFS plugin; see its README for those there are"));

    public ValidateOptionsResult Validate(string? name, IpfsOptions options) => Result(
    [
        .. Address(options),
        .. options.Peers.Where(static peer => !PeerKeeper.IsAddress(peer)).Select(static peer => $"peers: '{peer}' is no node's address; write it like /ip4/192.0.2.1/tcp/4001/p2p/12D3KooW…"),
        .. options.Peers.Count > MaxPeers ? [$"peers: {options.Peers.Count} are named; at most {MaxPeers} are kept connected"] : Array.Empty<string>(),
        .. Range("max_content_bytes", options.MaxContentBytes, 65_536, 1_073_741_824),
        .. Range("fetch_seconds", options.FetchSeconds, 1, 3600),
        .. Range("parallel_fetches", options.ParallelFetches, 1, 1024),
        .. Range("enclose_bytes", options.EncloseBytes, 0, 65_536),
        .. Range("resolve_seconds", options.ResolveSeconds, 1, 60),
        .. Range("tree_files", options.TreeFiles, 1, 1_000_000),
        .. Range("connect_timeout_seconds", options.ConnectTimeoutSeconds, 1, 3600),
    ]);

    private static IEnumerable<string> Address(IpfsOptions options)
    {
        if (!NodeAddress.TryParse(options.Api, options.Auth, out _, out var problem))
        {
            yield return problem;
        }

        if (!string.IsNullOrEmpty(options.Auth) && !string.IsNullOrEmpty(options.AuthFile))
        {
            yield return "auth, auth_file: keep one of the two";
        }
    }

    private static IEnumerable<string> Range(string key, int value, int least, int most) =>
        value < least || value > most ? [$"{key}: {value} is out of range; it must be {least} to {most}"] : [];

    private static ValidateOptionsResult Result(IEnumerable<string> problems) =>
        problems.ToList() is { Count: > 0 } all ? ValidateOptionsResult.Fail(all) : ValidateOptionsResult.Success;
}
