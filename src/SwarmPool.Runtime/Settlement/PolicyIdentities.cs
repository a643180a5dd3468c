using System.Security.Cryptography;
using System.Text;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Settlement.Processes;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Settlement;

/// <summary>What a settlement policy is published as.</summary>
public static class PolicyIdentities
{
    /// <summary>The most characters of a policy's name or version: 64.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// The policy's name and version, and the SHA-256 of the assembly file that defines its class. An assembly without a file
    /// (loaded from memory, or part of a single-file program) is identified by the SHA-256 of the text
    /// "mvid:" and its module version id, which is as specific but can't be computed from a file's bytes alone.
    /// </summary>
    /// <remarks>Reads one file; call it at start, not while settling.</remarks>
    /// <exception cref="SwarmPoolException">SP1106: name or version is empty, longer than <see cref="MaxLength"/>, or not printable ASCII.</exception>
    /// <exception cref="IOException">The assembly's file can't be read.</exception>
    public static PolicyIdentity Of(ISettlementPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (GuardedSlot.Unwrap(policy) is ProcessPolicy apart)
        {
            var (name, version, sha256) = apart.Identity;
            return sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower)
                ? new(Checked(name, "name", apart.GetType()), Checked(version, "version", apart.GetType()), sha256)
                : throw new SwarmPoolException(ErrorCodes.PluginConfigureFailed, "The settlement policy's process gives no SHA-256 of its assembly. Fix it in the policy.");
        }

        var type = GuardedSlot.Unwrap(policy).GetType();
        return new(Checked(policy.Name, "name", type), Checked(policy.Version, "version", type), Sha256Of(type));
    }

    private static string Sha256Of(Type type)
    {
        if (type.Assembly.Location is not { Length: > 0 } path)
        {
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"mvid:{type.Module.ModuleVersionId:D}")));
        }

        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string Checked(string? text, string what, Type type) =>
        text is { Length: > 0 and <= MaxLength } && text.All(static c => c is >= ' ' and <= '~')
            ? text
            : throw new SwarmPoolException(
                ErrorCodes.PluginConfigureFailed,
                $"The settlement policy {type} has no usable {what}: it is published with every epoch and has to be 1 to {MaxLength} "
                + "printable ASCII characters. Fix it in the policy.");
}
