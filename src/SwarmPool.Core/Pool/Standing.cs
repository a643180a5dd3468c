using System.Text.Json.Serialization;
using SwarmPool.Identity;

namespace SwarmPool.Core.Pool;

/// <summary>
/// What a miner did for one client. Standing is between two parties: only a client's own decided jobs give it, and only failing at that
/// client's own jobs takes it, so that no other name, and no hundred of them, can give or take it.
/// </summary>
/// <param name="Client">The client.</param>
/// <param name="Decided">How many of the client's jobs were decided by the miner's output.</param>
/// <param name="Strikes">How often in a row, since the last of those, the miner had a job of the client's and did not do it.</param>
/// <param name="PauseUntil">Unix ms: the miner may not claim the client's jobs before.</param>
/// <param name="At">Unix ms: when it last changed.</param>
/// <param name="Record">The sequence of the record by which it last changed: from there back, the journal shows what it follows from.</param>
internal sealed record Standing(EnsName Client, long Decided, int Strikes, long PauseUntil, long At, long Record)
{
    /// <summary>The most clients that are remembered of a miner. Of those without standing the oldest goes first, then of all.</summary>
    public const int MostClients = 64;

    /// <summary>The most attempts without a proof that are remembered of a job.</summary>
    public const int MostTried = 64;

    /// <summary>Whether the client has reason to prefer this miner, and to believe it: it did work for the client, and did not fail twice since.</summary>
    [JsonIgnore]
    public bool IsGood => Decided > 0 && Strikes < 2;
}
