using System.Globalization;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens;

/// <summary>Finds every problem of the options at once; no problem holds an address's secret.</summary>
internal sealed class EnsOptionsCheck : IValidateOptions<EnsOptions>
{
    public const int MaxEndpoints = 16;

    public ValidateOptionsResult Validate(string? name, EnsOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.Add(Endpoints(options));
        problems.Check(ChainId(options.Network) is not null, "network: this is not a chain; write it like eip155:1");
        CheckContract(problems, "registry", options.Registry);
        CheckContract(problems, "universal_resolver", options.UniversalResolver);
        problems.CheckDefined("lookup", options.Lookup);
        problems.CheckDefined("block", options.Block);
        problems.CheckRange("quorum", options.Quorum, 0, Math.Max(1, options.Endpoints.Count));
        problems.CheckRange("timeout_seconds", options.TimeoutSeconds, 1, 20);
        problems.CheckRange("names_per_request", options.NamesPerRequest, 1, 200);
        problems.CheckRange("lifetime_seconds", options.LifetimeSeconds, 1, 86_400);
        problems.CheckRange("unknown_lifetime_seconds", options.UnknownLifetimeSeconds, 1, 3600);
        problems.CheckRange("grace_seconds", options.GraceSeconds, 0, 86_400);
        return problems.Build();
    }

    /// <summary>The number of a chain like "eip155:1"; null when the text is not one.</summary>
    public static ulong? ChainId(string? network) =>
        network is not null && network.StartsWith("eip155:", StringComparison.Ordinal)
        && ulong.TryParse(network.AsSpan(7), NumberStyles.None, null, out var id) && id > 0 && network == $"eip155:{id}"
            ? id
            : null;

    /// <summary>How many nodes have to say the same: what is set, or more than half.</summary>
    public static int Quorum(EnsOptions options) => options.Quorum > 0 ? options.Quorum : (options.Endpoints.Count / 2) + 1;

    private static IEnumerable<string> Endpoints(EnsOptions options)
    {
        if (options.Endpoints.Count == 0 && string.IsNullOrWhiteSpace(options.EndpointsFile))
        {
            yield return "endpoints: name at least one Ethereum node's JSON-RPC address, or a file of them under endpoints_file";
        }

        if (options.Endpoints.Count > MaxEndpoints)
        {
            yield return $"endpoints: {options.Endpoints.Count} are named; at most {MaxEndpoints} are used";
        }

        for (var i = 0; i < options.Endpoints.Count; i++)
        {
            if (!Endpoint.TryParse(options.Endpoints[i], out _))
            {
                yield return $"endpoints: the address at place {i + 1} is not valid; write it like https://node.example/path";
            }
        }
    }

    private static void CheckContract(ValidateOptionsResultBuilder problems, string key, string? value)
    {
        if (!EthAddress.TryParseTyped(value, out _, out var problem))
        {
            problems.AddError($"{key}: the contract's address {problem}");
        }
    }
}
