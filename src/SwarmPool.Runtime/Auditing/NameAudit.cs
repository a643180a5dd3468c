using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Runtime.Names;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Auditing;

/// <summary>
/// Remembers every account that each name signed with, every contract whose word was taken for it, and everywhere it was paid, and asks
/// whether that is so today. Every one, not the last: a true one that comes after must not hide one that was made up.
/// </summary>
/// <param name="time">The clock, for patience.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class NameAudit(TimeProvider time)
{
    private const int AtATime = 64;

    private readonly Dictionary<EnsName, NameHistory> names = [];

    public void Hear(PoolRecord record)
    {
        // By a session key the account is not the name's: the delegation, a record before, was signed by one that is.
        if (record is { Input: MessageInput { Snapshot: var snapshot }, Facts.Signer: { } signer })
        {
            if (signer.Delegation is null)
            {
                Of(snapshot.Body.Signer).Sign(record.Sequence, snapshot, signer);
            }

            if (snapshot.Body is JobSnapshot job && names.TryGetValue(job.Client, out var client))
            {
                client.Weigh(job.Payment.Amount);
            }
        }

        foreach (var part in record.Events.OfType<JobDecided>().SelectMany(job => job.Parts))
        {
            Of(part.Miner).Pay(part.Payee, part.Price);
        }
    }

    /// <summary>Operations are paid by a name too.</summary>
    public void Hear(EpochSnapshot epoch)
    {
        var operations = epoch.Settlements.Operations;
        Of(operations.Miner).Pay(operations.Address, operations.Amount);
    }

    /// <summary>Asks. What has changed comes with what it is about the most money first, so that nothing great is buried under much that is small.</summary>
    public async Task<NameReport> AskAsync(NameCache cache, CancellationToken cancellationToken)
    {
        int same = 0, unavailable = 0, changes = 0;
        var listed = new List<string>();
        var patience = new AuditTimeBudget(time);
        foreach (var chunk in names.OrderByDescending(static name => name.Value.Micro).ThenBy(static name => name.Key).Chunk(AtATime))
        {
            if (patience.IsOver)
            {
                unavailable += chunk.Length;
                continue;
            }

            var answers = await Task.WhenAll(chunk.Select(name => name.Value.AskAsync(name.Key, cache, patience, cancellationToken)));
            foreach (var now in answers)
            {
                same += now is { Known: true, Changes.Count: 0 } ? 1 : 0;
                unavailable += now is { Known: false, Changes.Count: 0 } ? 1 : 0;
                changes += now.Changes.Count;
                listed.AddRange(now.Changes.Take(AuditFindings.MaxListed - listed.Count).Select(SafeText.Of));
            }
        }

        return new NameReport(names.Count, same, unavailable, listed) { ChangeCount = changes };
    }

    private NameHistory Of(EnsName name)
    {
        if (!names.TryGetValue(name, out var heard))
        {
            names.Add(name, heard = new NameHistory());
        }

        return heard;
    }
}
