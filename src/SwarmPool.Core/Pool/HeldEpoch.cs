using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Core.Pool;

/// <summary>A closed epoch whose work is not settled yet: it is held, so that what turns out to be wrong meanwhile is never paid.</summary>
internal sealed class HeldEpoch : IDecidedWork
{
    public required long Number { get; init; }

    public required long FromSequence { get; init; }

    public required long ToSequence { get; init; }

    public long Jobs { get; set; }

    public long Proofs { get; set; }

    public Usdc Volume { get; set; }

    public SortedDictionary<string, long>? Owed
    {
        get;
        set => field = value is null ? null : new(value, StringComparer.Ordinal);
    }

    public SortedDictionary<string, WorkShare>? Work
    {
        get;
        set => field = value is null ? null : new(value, StringComparer.Ordinal);
    }

    public SortedDictionary<string, long>? Joint
    {
        get;
        set => field = value is null ? null : new(value, StringComparer.Ordinal);
    }

    /// <summary>What a client owes for its jobs, in micro-USDC.</summary>
    public long OwedBy(EnsName client) => Owed?.GetValueOrDefault(client.Text) ?? 0;
}
