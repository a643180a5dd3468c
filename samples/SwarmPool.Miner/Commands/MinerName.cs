using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Miner.Commands;

/// <summary>The miner's name, as the configuration or <c>--ens</c> gives it.</summary>
internal static class MinerName
{
    /// <summary>The name; null when none is given.</summary>
    /// <exception cref="SwarmPoolException">SP1001: it can't be one.</exception>
    public static EnsName? Given(string? text) => string.IsNullOrEmpty(text) ? null
        : EnsName.TryParse(text, out var name, out var reason) ? name
        : throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"miner_ens: {reason}");

    /// <summary>The name.</summary>
    /// <exception cref="SwarmPoolException">SP1001: none is given, or it can't be one.</exception>
    public static EnsName Required(string? text) =>
        Given(text) ?? throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, "Whose earnings? Say the miner's name by --ens, or miner_ens in the configuration.");
}
