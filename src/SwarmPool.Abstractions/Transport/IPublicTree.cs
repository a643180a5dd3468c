namespace SwarmPool.Transport;

/// <summary>
/// A tree of files under a pool's name that people and tools can look at: <c>jobs/pending/CID</c>, <c>jobs/claimed/CID</c>,
/// <c>proofs/CID</c>, <c>epochs/ID</c>, <c>miners/NAME</c> and <c>state.json</c>.
/// </summary>
/// <remarks>
/// Thread-safe. It is a view: the pool never reads it back, and it may lag. Whoever fills it writes in the background, so that
/// no call waits for a write, and brings what is there in line with what it was told, also when somebody else changed it.
/// </remarks>
public interface IPublicTree
{
    /// <summary>The most files that one folder shows; what is told beyond is left out. At least 1.</summary>
    int MaxFiles { get; }

    /// <summary>Says what the tree shows from now on. Returns at once.</summary>
    /// <param name="pool">The pool's name, the tree's root, e.g. "swarmpool.eth".</param>
    /// <param name="files">The files that changed; the last word on a path counts. Their contents have been put, and stay the caller's to pin.</param>
    /// <param name="isAll">True when these are all: what else is in the tree goes.</param>
    void Show(string pool, IReadOnlyCollection<PublicFile> files, bool isAll);
}

/// <summary>A file of an <see cref="IPublicTree"/>.</summary>
/// <param name="Path">Where, relative to the pool's root, e.g. "epochs/epoch-7": names of a-z A-Z 0-9 . _ $ - between slashes.</param>
/// <param name="Content">What it holds; <c>default</c>: there is no such file (any longer).</param>
public readonly record struct PublicFile(string Path, Cid Content);
