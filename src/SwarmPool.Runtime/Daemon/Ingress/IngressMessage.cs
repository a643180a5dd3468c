using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Names.Delegations;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>A message on its way in: what the rules have found out about it so far.</summary>
internal sealed class IngressMessage(string topic, ReadOnlyMemory<byte> payload, string peer)
{
    /// <summary>The topic's name, e.g. "claims".</summary>
    public string Topic { get; } = topic;

    public string Peer { get; } = peer;

    /// <summary>The message; after a pointer was followed, what it pointed to.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; } = payload;

    /// <summary>Set by <see cref="Rules.FormRule"/>.</summary>
    public SignedSnapshot Snapshot { get; set; } = null!;

    /// <summary>Set by <see cref="Rules.SignatureRule"/>.</summary>
    public NameFact Signer { get; set; } = null!;

    /// <summary>Set by <see cref="Rules.SignatureRule"/>: the delegation by which a session key signed it; null when the name's own account did.</summary>
    public KnownDelegation? Delegation { get; set; }

    /// <summary>Set by <see cref="Rules.SignatureRule"/>: refused only because it names a delegation that has to be fetched.</summary>
    public bool NeedsDelegation { get; set; }

    /// <summary>True where fetching a delegation holds nobody else up.</summary>
    public bool MayFetch { get; set; }

    public EnsName Name => Snapshot.Body.Signer;
}
