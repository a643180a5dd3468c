namespace SwarmPool.Runtime.Plugins;

/// <summary>
/// Which versions of the contracts a plugin may have been built against. The range is by semantic versioning:
/// not newer than the host's; from 1.0 on of the host's major version; and while the major version is 0, when a minor
/// version may break the contracts, not older than <see cref="OldestOfZero"/>, which such a break moves up.
/// </summary>
/// <remarks>docs/adr/0003 says why the floor is named rather than every 0.y taken for a break.</remarks>
internal static class ContractVersions
{
    /// <summary>The oldest 0.y whose plugins still work: nothing that 0.0 had has been taken away since.</summary>
    public static Version OldestOfZero { get; } = new(0, 0);

    /// <summary>The oldest version that fits a host.</summary>
    public static Version OldestFor(Version host) => host.Major == 0 ? OldestOfZero : new Version(host.Major, 0);

    public static bool IsTooNew(Version builtAgainst, Version host) => builtAgainst > host;

    public static bool IsTooOld(Version builtAgainst, Version host) => builtAgainst < OldestFor(host);
}
