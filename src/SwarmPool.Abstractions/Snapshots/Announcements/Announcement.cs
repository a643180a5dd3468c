using System.Text.Json.Serialization;
using SwarmPool.Identity;

namespace SwarmPool.Snapshots;

/// <summary>
/// What the pool says on one topic: all items that one commit of the journal gave for it, or answers that needed no commit.
/// The same records always give the same bytes.
/// </summary>
public abstract record Announcement : Snapshot
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override EnsName Signer => Pool;

    /// <summary>The first journal record that it tells of; 0 when it tells of none (a refusal, a repeated answer).</summary>
    public required long FromSequence { get; init; }

    /// <summary>The last journal record that it tells of; 0 when it tells of none.</summary>
    public required long ToSequence { get; init; }

    /// <summary>The journal's head after that record, lower-case hex; absent when it tells of none.</summary>
    public string? JournalHead { get; init; }
}

/// <summary>An announcement of items of one kind.</summary>
/// <typeparam name="TItem">The items' shape.</typeparam>
public abstract record Announcement<TItem> : Announcement
{
    /// <summary>The items, in the order they were decided; 1 to 256.</summary>
    public required IReadOnlyList<TItem> Items { get; init; }
}
