namespace SwarmPool.Core.Pool;

/// <summary>What events about delegations do to the state. Called by <see cref="PoolState.Apply"/> alone.</summary>
internal static class DelegationChanges
{
    public static void Add(PoolState state, DelegationAccepted e)
    {
        state.Delegations.Forget(state.At);
        state.Delegations.Set(new DelegationEntry(e.Name, e.Digest, e.ExpiresMs, e.Role, e.Key, e.Cap));
    }

    public static void Revoke(PoolState state, DelegationRevoked e)
    {
        state.Delegations.Forget(state.At);
        var entry = state.Delegations.Find(e.Name, e.Digest) ?? new DelegationEntry(e.Name, e.Digest, e.ExpiresMs);
        state.Delegations.Set(entry with { RevokedAt = state.At, Revocation = e.Revocation });
        if (state.Miners.TryGet(e.Name, out var miner) && miner.Delegation == e.Digest)
        {
            (miner.RegisteredAt, miner.Delegation) = (0, null); // Whatever date it bore holds up no registration by another key.
        }
    }
}
