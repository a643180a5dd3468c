using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Tests.Support;

/// <summary>A session key, and the delegation by which it signs in a name.</summary>
internal sealed class Session
{
    private static int nonce;

    private Session(SignedSnapshot delegation, PrivateKeySigner signer) => (Delegation, Signer) = (delegation, signer);

    public SignedSnapshot Delegation { get; }

    public PrivateKeySigner Signer { get; }

    public DelegationSnapshot Body => (DelegationSnapshot)Delegation.Body;

    /// <summary>What a daemon records beside what this session signs.</summary>
    public NameFact Fact => new(Signer.Address, TestKeys.Of(Body.Name).Address, 0, null, null, Delegation.Digest);

    /// <summary>A delegation as its name's own key signs it, or as another does.</summary>
    public static async Task<Session> OpenAsync(
        EnsName name, string role, long now, string? cap = null, string key = "session.eth", EnsName? signedBy = null, Func<DelegationSnapshot, DelegationSnapshot>? change = null)
    {
        var signer = TestKeys.Of(EnsName.Parse(key));
        var body = Of(name, role, signer.Address, now, cap);
        return new Session(await SnapshotCodec.SignAsync(change?.Invoke(body) ?? body, TestKeys.Of(signedBy ?? name), CancellationToken.None), signer);
    }

    public static DelegationSnapshot Of(EnsName name, string role, EthAddress key, long now, string? cap = null) => new()
    {
        Pool = Messages.Pool,
        Network = "local",
        Timestamp = now,
        Nonce = Interlocked.Increment(ref nonce).ToString("x32", System.Globalization.CultureInfo.InvariantCulture),
        Name = name,
        Role = role,
        Key = key,
        Expires = now + 3600,
        SpendingCap = cap is null ? null : Usdc.Parse(cap),
    };

    /// <summary>Signs by the delegation.</summary>
    public async Task<SignedSnapshot> SignAsync(Snapshot body) =>
        await SnapshotCodec.SignAsync(body with { Delegation = Delegation.Cid }, Signer, CancellationToken.None);

    /// <summary>The name takes the delegation back.</summary>
    public RevocationSnapshot Revocation(long now) => RevocationOf(Body.Name, Delegation.Digest, now);

    public static RevocationSnapshot RevocationOf(EnsName name, string digest, long now) => new()
    {
        Pool = Messages.Pool,
        Network = "local",
        Timestamp = now,
        Nonce = Interlocked.Increment(ref nonce).ToString("x32", System.Globalization.CultureInfo.InvariantCulture),
        Name = name,
        Revokes = digest,
    };
}
