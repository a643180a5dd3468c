using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Names.Delegations;

/// <summary>A delegation that was read, and what is known of who signed it.</summary>
/// <remarks>Thread-safe: whoever finds something out anew finds the same.</remarks>
internal sealed class KnownDelegation(SignedSnapshot signed)
{
    private volatile DelegationSigner? voucher;
    private volatile NotSigned? unvouched;
    private volatile bool recorded;
    private int asking;

    public SignedSnapshot Signed => signed;

    public DelegationSnapshot Body { get; } = (DelegationSnapshot)signed.Body;

    /// <summary>Its identity.</summary>
    public string Digest { get; } = signed.Digest;

    /// <summary>The account of the name's own that signed it, or did when it was last looked; null while nobody has.</summary>
    public DelegationSigner? DelegationSigner
    {
        get => voucher;
        set => voucher = value;
    }

    /// <summary>Why no account signed it, by the answer that this was judged by: as long as the name resolves to the same nobody looks again.</summary>
    public NotSigned? NotSigned
    {
        get => unvouched;
        set => unvouched = value;
    }

    /// <summary>True for one caller at a time, who is to ask the contract again and says when it has: the others go by its last word.</summary>
    public bool TryBeginAsking() => Interlocked.CompareExchange(ref asking, 1, 0) == 0;

    public void EndAsking() => Volatile.Write(ref asking, 0);

    /// <summary>True once the daemon's journal has it.</summary>
    public bool Recorded
    {
        get => recorded;
        set => recorded = value;
    }
}

/// <summary>Who signed a delegation.</summary>
/// <param name="Account">The account.</param>
/// <param name="ByContract">Whether that is a contract, whose word holds as long as the answer that the name had then.</param>
/// <param name="Answer">The name's answer by which it was found.</param>
/// <param name="Since">When it was, as a timestamp.</param>
internal sealed record DelegationSigner(EthAddress Account, bool ByContract, IdentityAnswer Answer, long Since);

/// <summary>Nobody of the name's did.</summary>
internal sealed record NotSigned(IdentityAnswer Answer, Refusal Refusal);
