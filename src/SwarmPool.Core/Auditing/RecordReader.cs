using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// What can be said of a record by itself: it is in the one form that records have, and the message in it was signed by the account that
/// its facts name, for this pool, and not after the record.
/// </summary>
/// <remarks>Not thread-safe. The bytes may be anybody's: whatever is wrong with them is a finding.</remarks>
internal sealed class RecordReader(ISignatureEngine engine, AuditFindings findings)
{
    // What is let in is dated a window ahead of the daemon's clock at most; as much again for a clock that was set back meanwhile.
    private const long MostAheadMs = 2 * Freshness.WindowMs;

    private readonly RecordWriter writer = new();

    /// <summary>Whose messages they have to be; where nobody said, all are to be of the pool that the first is of.</summary>
    public (EnsName Pool, string Network)? Address { get; set; }

    /// <summary>How many signed messages were read.</summary>
    public long Messages { get; private set; }

    public DelegationBindings Delegations { get; } = new(findings);

    /// <summary>The record; null when it can't be read: then nothing that comes after it can be judged.</summary>
    public PoolRecord? Read(JournalRecord stored)
    {
        try
        {
            var record = RecordCodec.Decode(stored, withInput: true);
            if (FormFault(record, stored) is { } fault)
            {
                findings.Add(stored.Sequence, fault);
                return null;
            }

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

    // A second spelling of a record (a field twice, another order) could tell two readers two stories. Parts of facts that are left out
    // are spelled in one way only, but whoever reads on takes them for granted.
    private string? FormFault(PoolRecord record, JournalRecord stored)
    {
        if (!writer.Write(record, stored.Previous).Body.Span.SequenceEqual(stored.Body.Span))
        {
            return "it is not in the one form that records are written in";
        }

        return !IsWhole(record.Facts) ? "its facts lack a part"
            : AreOfIts(record) ? null
            : "its facts hold a part that its input is not judged by";
    }

    // A fact that decides nothing would tell who reads on that something was judged which was not.
    private static bool AreOfIts(PoolRecord record) =>
        (record.Facts.Signer is null || record.Input is MessageInput)
        && (record.Facts.Verdict is null || record.Input is MessageInput { Snapshot.Body: ProofSnapshot })
        && (record.Facts.InputBytes is null || record.Input is MessageInput { Snapshot.Body: JobSnapshot })
        && (record.Facts.Draw is null || record.Input is DrawInput or TimeInput or MessageInput { Snapshot.Body: CommitmentSnapshot or ProofSnapshot or ReleaseSnapshot or CheckSnapshot })
        && (record.Facts.Agreement is null || record.Input is MessageInput { Snapshot.Body: ProofSnapshot or ReleaseSnapshot } or TimeInput)
        && (record.Facts.Settlement is null || record.Input is SettledInput)
        && record.Facts.Signer?.ByContract != false;

    private static bool IsWhole(PoolFacts facts) =>
        facts.Verdict is null or { Verifier: not null }
        && facts.Draw is null or { Secret: not null }
        && facts.Agreement is null or { Verifier: not null, Groups: not null }
        && facts.Agreement?.Groups.All(static group => group is not null) != false
        && facts.Settlement is null or { Policy: { Name: not null, Version: not null, Sha256: not null }, Miners: not null, PolicyState: not null }
        && facts.Settlement?.Miners.All(static item => item is not null) != false;

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

        // Those that the intake takes fresh only. It binds a pool that says it decided before a deadline what was signed after it.
        if (body is ClaimSnapshot or ReleaseSnapshot or ProofSnapshot or HeartbeatSnapshot or CommitmentSnapshot or CheckSnapshot && body.Timestamp > (record.At + MostAheadMs) / 1000)
        {
            findings.Add(record.Sequence, FormattableString.Invariant($"its {body.Type} is dated unix {body.Timestamp}, after the record, which is of {record.At / 1000}"));
        }

        Delegations.Add(record, snapshot);
    }

    private string? SignatureFault(NameFact? signer, SignedSnapshot snapshot)
    {
        var type = snapshot.Body.Type;
        if (signer is null)
        {
            return $"it does not say who signed its {type}";
        }

        if (signer is { ByContract: true, Delegation: not null })
        {
            return $"its {type} can't have been taken by a contract: a session key signed it";
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
