using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// Binds the delegation that a record books on, by its digest, to the one that the message names, by its CID. Else a job that names a
/// delegation that is used up could be booked on another of the same key.
/// </summary>
/// <param name="findings">Is told what differs.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class DelegationBindings(AuditFindings findings)
{
    private readonly Dictionary<Cid, string> recorded = [];
    private readonly Dictionary<(Cid Named, string Booked), (long Sequence, Int128 Micro)> open = [];

    public void Add(PoolRecord record, SignedSnapshot snapshot)
    {
        if (snapshot.Body is DelegationSnapshot)
        {
            recorded[snapshot.Cid] = snapshot.Digest;
        }

        if (record.Facts.Signer?.Delegation is not { } booked)
        {
            return;
        }

        if (snapshot.Body.Delegation is not { } named)
        {
            findings.Add(record.Sequence, $"its {snapshot.Body.Type} names no delegation; it is recorded as signed by the session key of {booked}");
        }
        else if (!recorded.TryGetValue(named, out var digest))
        {
            var (first, micro) = open.GetValueOrDefault((named, booked), (record.Sequence, 0));
            open[(named, booked)] = (first, micro + (snapshot.Body is JobSnapshot job ? job.Payment.Amount.Micro : 0));
        }
        else if (digest != booked)
        {
            Differ(record.Sequence, named, booked);
        }
    }

    /// <summary>Those that messages name and no record held, in the order of the records; each is to be fetched and compared.</summary>
    public IReadOnlyList<Unrecorded> Open => [.. open.OrderBy(static one => one.Value.Sequence).Select(static one => new Unrecorded(one.Value.Sequence, one.Key.Named, one.Key.Booked, one.Value.Micro))];

    /// <summary>Compares one of <see cref="Open"/> with the delegation that was fetched.</summary>
    public void Compare(Unrecorded delegation, string digest)
    {
        if (digest != delegation.Booked)
        {
            Differ(delegation.Sequence, delegation.Named, delegation.Booked);
        }
    }

    private void Differ(long sequence, Cid named, string booked) =>
        findings.Add(sequence, $"its message names the delegation {named}; it is recorded as signed by another, {booked}");

    /// <summary>A delegation that no record holds.</summary>
    /// <param name="Sequence">The record whose message names it.</param>
    /// <param name="Named">Its CID, as the message names it.</param>
    /// <param name="Booked">Its digest, as the record has it.</param>
    /// <param name="Micro">What the jobs pay that name it, in micro-USDC.</param>
    internal readonly record struct Unrecorded(long Sequence, Cid Named, string Booked, Int128 Micro);
}
