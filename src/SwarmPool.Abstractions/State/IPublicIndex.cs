using SwarmPool.Transport;

namespace SwarmPool.State;

/// <summary>The few words about a pool that outsiders look up beside its journal: where its newest state is, and its sealed epochs.</summary>
/// <remarks>
/// Thread-safe. It is a view: the pool never reads it back, and it may lag. Whoever fills it writes in the background, so that no call
/// waits for a write, and leaves it to the daemon that leads.
/// </remarks>
public interface IPublicIndex
{
    /// <summary>Says what can be looked up from now on. Returns at once.</summary>
    /// <param name="pool">The pool's name, e.g. "swarmpool.eth".</param>
    /// <param name="state">The newest state.</param>
    /// <param name="epochs">Sealed epochs that were not said before by this daemon, the oldest first; after a start those it keeps, known or not.</param>
    void Show(string pool, Cid state, IReadOnlyList<PublicEpoch> epochs);
}

/// <summary>A sealed epoch of an <see cref="IPublicIndex"/>.</summary>
/// <param name="Id">Its id, e.g. "epoch-7".</param>
/// <param name="Content">Its signed snapshot.</param>
public readonly record struct PublicEpoch(string Id, Cid Content);
