using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>A pack in a machine's models folder.</summary>
/// <param name="Cid">The pack.</param>
/// <param name="Pack">What it says.</param>
/// <param name="Folder">The model's folder, a full path.</param>
/// <param name="IsOwn">Whether it was made of a folder that was here already, which is the user's own and not deleted with the pack.</param>
public sealed record LocalPack(Cid Cid, ModelPack Pack, string Folder, bool IsOwn)
{
    /// <summary>Compares the files with the pack: every byte.</summary>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>All that differs (SP5204; SP5209 for links), in the order of the paths; nothing when all is right.</returns>
    public Task<IReadOnlyList<Refusal>> VerifyAsync(IProgress<PackProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PackVerification.RunAsync(Pack, Folder, progress, cancellationToken);
}

/// <summary>A pack that was published.</summary>
/// <param name="Cid">The pack.</param>
/// <param name="Pack">What it says.</param>
/// <param name="Folder">Its folder where that is in the models folder; else null: it has to be pulled to be had here.</param>
public sealed record AddedPack(Cid Cid, ModelPack Pack, string? Folder);
