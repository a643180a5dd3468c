using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens;

/// <summary>What the section says that nobody reads.</summary>
internal sealed class EnsSection
{
    public IReadOnlyList<string> UnknownKeys { get; set; } = [];
}

/// <summary>Sees that the options go together; all problems at once, none with an address's secret in it.</summary>
internal sealed class EnsOptionsCheck : IValidateOptions<EnsOptions>, IValidateOptions<EnsSection>
{
    public const int MaxEndpoints = 16;

    public ValidateOptionsResult Validate(string? name, EnsSection options) => Result(
        options.UnknownKeys.Select(static key => $"{key}: no such option of the ENS plugin; see its README for those there are"));

    public ValidateOptionsResult Validate(string? name, EnsOptions options) => Result(
    [
        .. Endpoints(options),
        .. ChainId(options.Network) is null ? ["network: this is no chain; write it like eip155:1"] : Array.Empty<string>(),
        .. Address("registry", options.Registry),
        .. Address("universal_resolver", options.UniversalResolver),
        .. Known("lookup", options.Lookup),
        .. Known("block", options.Block),
        .. Range("timeout_seconds", options.TimeoutSeconds, 1, 20),
        .. Range("names_per_request", options.NamesPerRequest, 1, 200),
        .. Range("lifetime_seconds", options.LifetimeSeconds, 1, 86_400),
        .. Range("unknown_lifetime_seconds", options.UnknownLifetimeSeconds, 1, 3600),
        .. Range("grace_seconds", options.GraceSeconds, 0, 86_400),
    ]);

    /// <summary>The number of a chain like "eip155:1"; null when it is none.</summary>
    public static ulong? ChainId(string? network) =>
        network is not null && network.StartsWith("eip155:", StringComparison.Ordinal)
        && ulong.TryParse(network.AsSpan(7), System.Globalization.NumberStyles.None, null, out var id) && id > 0 && network == $"eip155:{id}"
            ? id
            : null;

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
                yield return $"endpoints: the address at place {i + 1} is none; write it like https://node.example/path";
            }
        }
    }

    private static IEnumerable<string> Address(string key, string? value) =>
        EthAddress.TryParse(value, out var address) && address != default ? [] : [$"{key}: this is no contract's address: 0x and 40 hex digits"];

    private static IEnumerable<string> Known<T>(string key, T value)
        where T : struct, Enum => Enum.IsDefined(value) ? [] : [$"{key}: must be one of {string.Join(", ", Enum.GetNames<T>())}"];

    private static IEnumerable<string> Range(string key, int value, int least, int most) =>
        value < least || value > most ? [$"{key}: {value} is out of range; it must be {least} to {most}"] : [];

    private static ValidateOptionsResult Result(IEnumerable<string> problems) =>
        problems.ToList() is { Count: > 0 } all ? ValidateOptionsResult.Fail(all) : ValidateOptionsResult.Success;
}
