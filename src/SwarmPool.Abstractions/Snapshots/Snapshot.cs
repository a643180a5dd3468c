using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>What every signed snapshot carries. The wire form is canonical JSON (RFC 8785) with these snake_case names.</summary>
/// <remarks>Immutable. See docs/protocol.md.</remarks>
public abstract record Snapshot
{
    /// <summary>The protocol version that this build speaks.</summary>
    public const string CurrentVersion = "1.0.0";

    /// <summary>What the types of snapshots carry that came with checks: commitments, checks, and what the pool says of them. A reader of 1.0.0 knows none of them.</summary>
    public const string ChecksVersion = "1.1.0";

    /// <summary>What it is; one of <see cref="SnapshotTypes"/>.</summary>
    public abstract string Type { get; }

    /// <summary>Who signs: the client of a job, the miner of a claim, the pool of all that the pool says.</summary>
    /// <remarks>Not on the wire. Serialisation looks at the override alone, so each one repeats the attribute; a test of the codec sees to it.</remarks>
    [JsonIgnore]
    public abstract EnsName Signer { get; }

    /// <summary>The protocol version: "1.0.0", or <see cref="ChecksVersion"/> in the types that came with it.</summary>
    public string Version { get; init; } = CurrentVersion;

    /// <summary>The pool it is for.</summary>
    public required EnsName Pool { get; init; }

    /// <summary>The network its names live on: "local" or a CAIP-2 chain.</summary>
    public required string Network { get; init; }

    /// <summary>Unix seconds, UTC.</summary>
    public required long Timestamp { get; init; }

    /// <summary>16 bytes, lower-case hex: makes two otherwise equal snapshots different.</summary>
    public required string Nonce { get; init; }

    /// <summary>
    /// The <see cref="DelegationSnapshot"/> by which a session key signs this in the name of <see cref="Signer"/>; absent when an account
    /// of the name's own signs. Part of what is signed.
    /// </summary>
    public Cid? Delegation { get; init; }

    /// <summary>The signature over the signing text: 0x and 130 hex digits, or whatever form the name's contract takes; null until signed.</summary>
    public string? Sig { get; init; }
}
