using System.Globalization;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>
/// The lines of a signing text by which a person sees, in the wallet, what a delegation grants or which one a revocation takes back.
/// Other snapshots have none: a machine signs them.
/// </summary>
/// <remarks>
/// Made of the body that is signed, so whoever reads the body makes the same lines. Every value has a form without line ends
/// (<see cref="DelegationFields"/>), and their number is that of the role: nothing can stand here that is not a line of these.
/// </remarks>
internal static class GrantText
{
    /// <summary>The last second that has a date: 9999-12-31T23:59:59Z.</summary>
    public const long LastSecond = 253_402_300_799;

    /// <summary>The lines, each ended by LF; empty for all other snapshots.</summary>
    public static string Of(Snapshot body) => body switch
    {
        DelegationSnapshot delegation => $"{Key(delegation)}{Span(delegation)}{Cap(delegation)}",
        RevocationSnapshot revocation => $"revokes: {revocation.Revokes}\n",
        _ => "",
    };

    private static string Key(DelegationSnapshot delegation) => $"role: {delegation.Role}\nkey: {ChecksumAddress.Of(delegation.Key)}\n";

    private static string Span(DelegationSnapshot delegation) => $"from: {Utc(delegation.Timestamp)}\nuntil: {Utc(delegation.Expires)}\n";

    private static string Cap(DelegationSnapshot delegation) => delegation.SpendingCap is { } cap ? $"spending cap: {cap} USDC\n" : "";

    private static string Utc(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
