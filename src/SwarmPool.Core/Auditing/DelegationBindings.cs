using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Names.Delegations;
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
    private readonly Dictionary<(Cid Named, string Booked), long> open = [];

    public void Hear(PoolRecord record, SignedSnapshot snapshot)
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
            open.TryAdd((named, booked), record.Sequence);
        }
        else if (digest != booked)
        {
            Differ(record.Sequence, named, booked);
        }
    }

    /// <summary>
    /// Those that no record held are fetched: recorded before the audit began, or the same delegation signed anew, which is recorded once.
    /// </summary>
    /// <returns>Those that can't be had, a line each.</returns>
    public async Task<IReadOnlyList<string>> AskAsync(DelegationCache desk, AuditTimeBudget patience, CancellationToken cancellationToken)
    {
        var (missing, asked) = (new List<string>(), 0);
        foreach (var ((named, booked), sequence) in open.OrderBy(static one => one.Value))
        {
            if (patience.IsOver)
            {
                missing.Add($"{open.Count - asked} more delegations that no record holds were not looked up: it took too long");
                break;
            }

            asked++;
            var (known, refusal) = await desk.GetAsync(named, cancellationToken);
            if (refusal is not null)
            {
                missing.Add(FormattableString.Invariant($"the message of record {sequence} names the delegation {named}, which no record holds and can't be read: {refusal.Reason}"));
            }
            else if (known!.Digest != booked)
            {
                Differ(sequence, named, booked);
            }
        }

        return missing;
    }

    private void Differ(long sequence, Cid named, string booked) =>
        findings.Add(sequence, $"its message names the delegation {named}; it is recorded as signed by another, {booked}");
}
