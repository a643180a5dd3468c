using System.Globalization;
using System.Runtime.CompilerServices;
using SwarmPool.Identity;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Signatures;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Settlement;

/// <summary>
/// A sealed epoch as published: fetched with all its pages, each checked against its CID, and recomputed. A stranger needs
/// nothing but content, names and the policy's code.
/// </summary>
/// <remarks>Thread-safe. Everything fetched is hostile until checked: sizes are bounded, and what does not add up is a difference.</remarks>
public sealed class PublishedEpoch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ContentReader content;
    private readonly List<string> differences = [];

    private PublishedEpoch(SignedSnapshot signed, ContentReader content)
    {
        Snapshot = (EpochSnapshot)signed.Body;
        Cid = signed.Cid;
        this.content = content;
    }

    /// <summary>What was published.</summary>
    public EpochSnapshot Snapshot { get; }

    /// <summary>Its CID.</summary>
    public Cid Cid { get; }

    /// <summary>Everything that is not as it should be; empty when the epoch is right.</summary>
    public IReadOnlyList<string> Differences => differences;

    /// <summary>True when the split was recomputed by a policy, not only summed up.</summary>
    public bool SplitChecked { get; private set; }

    /// <summary>Fetches and audits an epoch.</summary>
    /// <param name="bytes">The epoch's snapshot when it is at hand already, e.g. from a file; null to fetch it.</param>
    /// <param name="cid">Its CID; not looked at when <paramref name="bytes"/> are given.</param>
    /// <param name="content">Where contents are fetched from.</param>
    /// <param name="identity">Who may sign for the pool.</param>
    /// <param name="policy">The policy to settle it by again; null leaves that out.</param>
    /// <param name="time">The clock, for patience.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">It can't be had or is no epoch: there is nothing to audit.</exception>
    public static async Task<PublishedEpoch> AuditAsync(
        ReadOnlyMemory<byte>? bytes,
        Cid cid,
        IContentStore content,
        IIdentityProvider identity,
        ISettlementPolicy? policy,
        TimeProvider time,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(time);
        var reader = new ContentReader(content, time);
        var signed = Decode(bytes ?? await FetchAsync(reader, cid, SnapshotCodec.MaxBytes, cancellationToken));
        var epoch = new PublishedEpoch(signed, reader);
        var signers = new SignerCheck(new NameDirectory(identity, time), SignatureEngines.Best, time, new DelegationDesk(reader, time));
        if ((await signers.CheckAsync(signed, cancellationToken)).Refusal is { } forged)
        {
            epoch.differences.Add($"the signature is not the pool's: {forged}");
        }

        epoch.Expect(epoch.Snapshot.Network == identity.Network, $"it is of the network {epoch.Snapshot.Network}, not {identity.Network}");
        var previous = await epoch.FollowPreviousAsync(cancellationToken);
        await epoch.RecomputeAsync(policy, previous, cancellationToken);
        return epoch;
    }

    private static SignedSnapshot Decode(ReadOnlyMemory<byte> bytes)
    {
        if (!SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal))
        {
            throw new SwarmPoolException(refusal.Code, refusal.Reason);
        }

        return snapshot.Body is EpochSnapshot
            ? snapshot
            : throw new SwarmPoolException(ErrorCodes.UnknownType, $"{snapshot} is no epoch. 'epochs/sealed' and the pool's state name the CIDs of epochs.");
    }

    private static async ValueTask<ReadOnlyMemory<byte>> FetchAsync(ContentReader reader, Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        var (bytes, refusal) = await reader.FetchAsync(cid, maxBytes, Patience, cancellationToken);
        return refusal is null ? bytes : throw new SwarmPoolException(refusal.Code, refusal.Reason);
    }

    private async Task<EpochSnapshot?> FollowPreviousAsync(CancellationToken cancellationToken)
    {
        if (Snapshot.PreviousEpoch is not { } cid)
        {
            Expect(Snapshot.Number == 1 && Snapshot.FromSequence == 1, "it names no previous epoch, but is not the first");
            return null;
        }

        var previous = (EpochSnapshot)Decode(await FetchAsync(content, cid, SnapshotCodec.MaxBytes, cancellationToken)).Body;
        Expect(previous.Pool == Snapshot.Pool, $"the previous epoch {cid} is of {previous.Pool}");
        Expect(previous.Number == Snapshot.Number - 1, Text($"the previous epoch {cid} has number {previous.Number}"));
        Expect(previous.EndedAt == Snapshot.StartedAt, "it does not begin when the previous epoch ended");
        Expect(
            previous.ToSequence + 1 == Snapshot.FromSequence,
            Text($"the previous epoch ends with record {previous.ToSequence}, this one begins with {Snapshot.FromSequence}"));
        return previous;
    }

    private async Task RecomputeAsync(ISettlementPolicy? policy, EpochSnapshot? previous, CancellationToken cancellationToken)
    {
        var proofs = await ItemsAsync<EpochProofItem>(Snapshot.Proofs, cancellationToken);
        var payouts = await ItemsAsync<PayoutItem>(Snapshot.Settlements.Miners, cancellationToken);
        var journal = await new JournalPageReader(Snapshot, named => LeavesAsync(named, PageTree.MaxDepth, cancellationToken)).ReadAsync();
        differences.AddRange(journal.Differences);
        Expect(journal.Decided.SequenceEqual(proofs), "the proofs are not those that the journal's records decided");

        // The policy began with what it had returned for the epoch before; that settlement is among this epoch's records.
        var policyState = Snapshot.Number == 1 ? "" : journal.SettledBefore?.PolicyState;
        SplitChecked = policy is not null && policyState is not null;
        var earlier = journal.SettledBefore is { } before ? EpochRecords.Payees(before) : await PayeesOfAsync(previous, cancellationToken);
        differences.AddRange(EpochAudit.Differences(Snapshot, proofs, payouts, SplitChecked ? policy : null, policyState ?? "", earlier));
    }

    private async Task<IReadOnlyList<Payee>> PayeesOfAsync(EpochSnapshot? previous, CancellationToken cancellationToken) => previous is null
        ? []
        : [.. (await ItemsAsync<PayoutItem>(previous.Settlements.Miners, cancellationToken)).Select(item => new Payee(item.Miner, item.Address))];

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> LeavesAsync(
        IReadOnlyList<Cid> named, int depth, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var cid in named)
        {
            var page = await FetchAsync(content, cid, SnapshotCodec.MaxPageBytes, cancellationToken);
            if (depth == 0 || !PageTree.TryReadIndex(page, out var below))
            {
                yield return page;
                continue;
            }

            await foreach (var leaf in LeavesAsync(below, depth - 1, cancellationToken))
            {
                yield return leaf;
            }
        }
    }

    private async Task<List<TItem>> ItemsAsync<TItem>(IReadOnlyList<Cid> pages, CancellationToken cancellationToken)
    {
        var all = new List<TItem>();
        await foreach (var page in LeavesAsync(pages, PageTree.MaxDepth, cancellationToken))
        {
            if (!SnapshotCodec.TryDecodePage<TItem>(page, out var items, out var refusal))
            {
                throw new SwarmPoolException(refusal.Code, $"The page {Cid.OfBlock(page.Span)}: {refusal.Reason}");
            }

            all.AddRange(items);
        }

        return all;
    }

    private void Expect(bool holds, string difference)
    {
        if (!holds)
        {
            differences.Add(difference);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
