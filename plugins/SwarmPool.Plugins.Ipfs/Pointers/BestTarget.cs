using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Pointers;

/// <summary>The best of the answers so far: a trusted one before a stranger's, then the newest; one from the future does not count.</summary>
internal sealed class BestTarget(long latest)
{
    private readonly Lock gate = new();
    private PointerTarget? target;
    private bool isTrustedTarget;

    public Cid? Cid
    {
        get
        {
            lock (gate)
            {
                return target?.Cid;
            }
        }
    }

    public void Offer(PointerTarget offered, bool isTrusted)
    {
        lock (gate)
        {
            if (offered.At <= latest && (target is null || (isTrusted, offered.At).CompareTo((isTrustedTarget, target.At)) > 0))
            {
                (target, isTrustedTarget) = (offered, isTrusted);
            }
        }
    }
}
