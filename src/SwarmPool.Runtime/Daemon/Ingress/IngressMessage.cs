using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>A message on its way in: how far it has come, and what the rules have found out about it.</summary>
/// <remarks>In one worker's hands at a time.</remarks>
internal sealed class IngressMessage(string topic, ReadOnlyMemory<byte> payload, string peer)
{
    /// <summary>The topic's name, e.g. "claims".</summary>
    public string Topic { get; } = topic;

    public string Peer { get; } = peer;

    /// <summary>The message; after <see cref="Rules.PointerRule"/>, what it pointed to.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; } = payload;

    /// <summary>Whether these very bytes were heard before, and charged to their name; set by <see cref="Rules.PeerRateRule"/>.</summary>
    public bool IsKnown { get; set; }

    /// <summary>How many of the rules are behind it; kept by <see cref="IngressRules"/>.</summary>
    public int RulesPassed { get; set; }

    /// <summary>What stands against it and is to be answered once its signer is known; kept by <see cref="IngressRules"/>.</summary>
    public Refusal? Objection { get; set; }

    /// <summary>Set by <see cref="Rules.FormRule"/>.</summary>
    public SignedSnapshot Snapshot { get; set; } = null!;

    /// <summary>What the sequencer decides.</summary>
    public MessageInput Input => field ??= new MessageInput(Snapshot);

    /// <summary>Set by <see cref="Rules.SignatureRule"/>: the key that signed it, where only a delegation that has to be fetched can tell whether it may.</summary>
    public EthAddress? UnknownKey { get; set; }

    /// <summary>Set when the signature has been checked.</summary>
    public NameFact Signer { get; private set; } = null!;

    /// <summary>Set when the signature has been checked: the delegation by which a session key signed it; null when the name's own account did.</summary>
    public KnownDelegation? Delegation { get; private set; }

    public EnsName Name => Snapshot.Body.Signer;

    /// <summary>Set by <see cref="Rules.JobPreviewRule"/>: what the pool would decide about a job if its input is there; null for all else.</summary>
    public JobPreview? Job { get; set; }

    /// <summary>Takes who signed it from a check that refused nothing.</summary>
    public void SetSigner(SignatureCheckResult check)
    {
        Delegation = check.Delegation;
        Signer = NameFacts.Of(check);
    }
}
