using SwarmPool.Protocol.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>A pack in a machine's models folder.</summary>
/// <param name="Cid">The pack.</param>
/// <param name="Pack">What it says.</param>
/// <param name="Folder">The model's folder, a full path.</param>
/// <param name="IsOwn">Whether it was made of a folder that was here already, which is the user's own and not deleted with the pack.</param>
public sealed record LocalPack(Cid Cid, ModelPack Pack, string Folder, bool IsOwn);

/// <summary>A pack that was published.</summary>
/// <param name="Cid">The pack.</param>
/// <param name="Pack">What it says.</param>
/// <param name="Folder">Its folder where that is in the models folder; else null: it has to be pulled to be had here.</param>
public sealed record AddedPack(Cid Cid, ModelPack Pack, string? Folder);
