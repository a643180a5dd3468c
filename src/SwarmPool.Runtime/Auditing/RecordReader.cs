using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;
using SwarmPool.Runtime.Signatures;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Auditing;

/// <summary>
/// What can be said of a record by itself: it is in the one form that records have, and the message in it was signed by the account that
/// its facts name, for this pool.
/// </summary>
/// <remarks>Not thread-safe. The bytes may be anybody's: whatever is wrong with them is a finding.</remarks>
internal sealed class RecordReader(ISignatureEngine engine, AuditFindings findings)
{
    private readonly RecordWriter writer = new();

    /// <summary>Whose messages they have to be; where nobody said, all are to be of the pool that the first is of.</summary>
    public (EnsName Pool, string Network)? Address { get; set; }

    /// <summary>How many signed messages were read.</summary>
    public long Messages { get; private set; }

    /// <summary>The record; null when it can't be read.</summary>
    public PoolRecord? Read(JournalRecord stored)
    {
        try
        {
            var record = RecordCodec.Decode(stored, withInput: true);
            CheckForm(record, stored);
            CheckMessage(record);
            return record;
        }
        catch (SwarmPoolException e)
        {
            findings.Add(stored.Sequence, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What a stranger wrote may go wrong anywhere on its way; it is then no record.
            findings.Add(stored.Sequence, $"it can't be read: {e.GetType().Name}: {e.Message}");
        }

        return null;
    }

    // A second spelling of a record (a field twice, another order) could tell two readers two stories.
    private void CheckForm(PoolRecord record, JournalRecord stored)
    {
        if (!writer.Write(record, stored.Previous).Body.Span.SequenceEqual(stored.Body.Span))
        {
            findings.Add(record.Sequence, "it is not in the one form that records are written in");
        }
    }

    private void CheckMessage(PoolRecord record)
    {
        if (record.Input is not MessageInput { Snapshot: { } snapshot })
        {
            return;
        }

        Messages++;
        var body = snapshot.Body;
        Address ??= (body.Pool, body.Network);
        if ((body.Pool, body.Network) != Address)
        {
            findings.Add(record.Sequence, $"its {body.Type} was signed for the pool {body.Pool} on '{body.Network}', not for {Address.Value.Pool} on '{Address.Value.Network}'");
        }

        if (SignatureFault(record.Facts.Signer, snapshot) is { } fault)
        {
            findings.Add(record.Sequence, fault);
        }
    }

    private string? SignatureFault(NameFact? signer, SignedSnapshot snapshot)
    {
        var type = snapshot.Body.Type;
        if (signer is null)
        {
            return $"it does not say who signed its {type}";
        }

        if (signer.ByContract == true)
        {
            // What a contract said at that block is a fact like what the name resolved to: it needs the chain to check.
            return SnapshotSignature.TryReadForContract(snapshot, out _, out _) ? null : $"its {type} can't have been taken by the contract {signer.Account}";
        }

        if (!SnapshotSignature.TryRecover(snapshot, engine, out var account, out var refusal))
        {
            return $"its {type} is not validly signed: {refusal}";
        }

        return account == signer.Account ? null : $"its {type} was signed by {account}, not by {signer.Account} as recorded";
    }
}
