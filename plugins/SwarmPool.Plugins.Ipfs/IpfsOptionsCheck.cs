using Microsoft.Extensions.Options;
using SwarmPool.Plugins.Ipfs.Peers;
using SwarmPool.Plugins.Ipfs.Rpc;

namespace SwarmPool.Plugins.Ipfs;

/// <summary>Finds every problem of the options at once; no problem holds a secret.</summary>
internal sealed class IpfsOptionsCheck : IValidateOptions<IpfsOptions>
{
    private const int MaxPeers = 64;

    public ValidateOptionsResult Validate(string? name, IpfsOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (!NodeAddress.TryParse(options.Api, options.Auth, out _, out var problem))
        {
            problems.AddError(problem);
        }

        problems.Check(string.IsNullOrEmpty(options.Auth) || string.IsNullOrEmpty(options.AuthFile), "auth, auth_file: keep one of the two");
        problems.Add(options.Peers
            .Where(static peer => !PeerConnector.IsAddress(peer))
            .Select(static peer => $"peers: '{Redactor.Forms.Clean(peer)}' is not a node's address; write it like /ip4/192.0.2.1/tcp/4001/p2p/12D3KooW…"));
        problems.Check(options.Peers.Count <= MaxPeers, $"peers: {options.Peers.Count} are named; at most {MaxPeers} are kept connected");
        problems.CheckRange("max_content_bytes", options.MaxContentBytes, 65_536, 1_073_741_824);
        problems.CheckRange("fetch_seconds", options.FetchSeconds, 1, 3600);
        problems.CheckRange("parallel_fetches", options.ParallelFetches, 1, 1024);
        problems.CheckRange("enclose_bytes", options.EncloseBytes, 0, 65_536);
        problems.CheckRange("resolve_seconds", options.ResolveSeconds, 1, 60);
        problems.CheckRange("tree_files", options.TreeFiles, 1, 1_000_000);
        problems.CheckRange("connect_timeout_seconds", options.ConnectTimeoutSeconds, 1, 3600);
        return problems.Build();
    }
}
