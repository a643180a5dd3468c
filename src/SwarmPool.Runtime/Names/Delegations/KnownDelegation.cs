using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Names.Delegations;

/// <summary>A delegation that was read, and what is known of who signed it.</summary>
/// <remarks>Thread-safe: whoever finds something out anew finds the same.</remarks>
internal sealed class KnownDelegation(SignedSnapshot signed)
{
    private volatile Voucher? voucher;
    private volatile Unvouched? unvouched;
    private volatile bool recorded;

    public SignedSnapshot Signed => signed;

    public DelegationSnapshot Body { get; } = (DelegationSnapshot)signed.Body;

    /// <summary>Its identity.</summary>
    public string Digest { get; } = signed.Digest;

    /// <summary>The account of the name's own that signed it; null while nobody has looked.</summary>
    public Voucher? Voucher
    {
        get => voucher;
        set => voucher = value;
    }

    /// <summary>Why no account signed it, by the answer that this was judged by: as long as the name resolves to the same nobody looks again.</summary>
    public Unvouched? Unvouched
    {
        get => unvouched;
        set => unvouched = value;
    }

    /// <summary>True once the daemon's journal has it.</summary>
    public bool Recorded
    {
        get => recorded;
        set => recorded = value;
    }
}

/// <summary>Who signed a delegation.</summary>
internal sealed record Voucher(EthAddress Account, bool ByContract);

/// <summary>Nobody of the name's did.</summary>
internal sealed record Unvouched(IdentityAnswer Answer, Refusal Refusal);
