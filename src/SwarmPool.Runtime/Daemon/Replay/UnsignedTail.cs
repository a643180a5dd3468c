using System.Globalization;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Replay;

/// <summary>
/// The records after the last one that the pool has signed. The chain of hashes binds those before it; these are vouched for by the store
/// alone, and whoever can write it can write any. So each is decided again as it is applied, and its message's signature checked. What came
/// from outside (names, verdicts, settlements) is kept, to be asked for again before this daemon leads.
/// </summary>
/// <param name="decide">The rules of the daemon.</param>
/// <param name="engine">Recovers accounts.</param>
/// <param name="pool">The pool's name.</param>
/// <param name="network">Where names live.</param>
/// <param name="signed">The last record that the pool is known to have signed, as of now; <see cref="JournalHead.Empty"/> when none is.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class UnsignedTail(DecideFunction decide, ISignatureEngine engine, EnsName pool, string network, Func<JournalHead> signed)
{
    /// <summary>The most of facts that are kept, some 200 MB.</summary>
    public const int MostFacts = 100_000;

    private readonly Queue<UnsignedFact> facts = [];
    private readonly Dictionary<(EnsName Name, EthAddress Account, EthAddress Payout), long> keys = [];
    private RecordAudit? audit;
    private AuditFindings findings = new();

    /// <summary>What is to be asked for again, in the order of the records.</summary>
    public IReadOnlyCollection<UnsignedFact> Facts
    {
        get
        {
            Forget(signed().Sequence);
            return facts;
        }
    }

    /// <summary>Whether a record is one that the pool is not known to have signed.</summary>
    /// <exception cref="SwarmPoolException">SP4005: the pool has signed another in its place.</exception>
    public bool Covers(JournalRecord stored)
    {
        var last = signed();
        return stored.Sequence != last.Sequence || stored.Hash.Span.SequenceEqual(last.Hash.Span)
            ? stored.Sequence > last.Sequence
            : throw new SwarmPoolException(ErrorCodes.JournalBehindPublished, string.Create(
                CultureInfo.InvariantCulture,
                $"{pool} has signed the record {last.Sequence} as {Convert.ToHexStringLower(last.Hash.Span)[..12]}…; the journal holds another in its place. It is an old copy, another journal, or was changed: start with the right one."));
    }

    /// <summary>Decides the record again and applies it.</summary>
    /// <param name="state">The state at <paramref name="head"/>.</param>
    /// <param name="head">The record before.</param>
    /// <param name="stored">The record.</param>
    /// <exception cref="SwarmPoolException">SP4009: it does not follow from what is in it.</exception>
    public void Decide(PoolState state, JournalHead head, JournalRecord stored)
    {
        if (audit is null || !ReferenceEquals(audit.State, state) || audit.Head.Sequence != head.Sequence)
        {
            findings = new AuditFindings();
            audit = new RecordAudit(new RecordReader(engine, findings) { Address = (pool, network) }, state, head, findings, decide);
        }

        var closed = state.Epochs.Closed.Find(static one => one.SettledSequence == 0)?.Copy();
        var policyState = state.Epochs.PolicyState;
        var record = audit.Next(stored);
        if (record is null || findings.Count > 0)
        {
            throw Refused(stored.Sequence, findings.Listed[0].What);
        }

        Keep(record, closed, policyState);
        if (audit.Question is { } question)
        {
            Keep(new UnsignedFact(record.Sequence, null, record.Facts, null, "", null, question));
        }
    }

    /// <summary>What is said of a record that this daemon does not lead on.</summary>
    public static SwarmPoolException Refused(long sequence, string what) => new(ErrorCodes.JournalNotAsDecided, string.Create(
        CultureInfo.InvariantCulture,
        $"Record {sequence} of the journal lies after the last that the pool has signed, and is not what a daemon of it would have written: {what}. Somebody who can write the store may have changed it. Find out who can; then restore a copy, or, if the record is right, name it to the daemon in 'accept_journal_head'."));

    /// <summary>What is said when nobody answers for a record.</summary>
    public static SwarmPoolException Unanswered(long sequence, string what) => new(ErrorCodes.JournalNotAsDecided, string.Create(
        CultureInfo.InvariantCulture,
        $"Record {sequence} of the journal lies after the last that the pool has signed, and what it follows from can't be asked again now: {what}. Start the daemon again when it can, or a standby that can; or, if you know the record to be right, name it to the daemon in 'accept_journal_head'."));

    private void Keep(PoolRecord record, EpochAccount? closed, string policyState)
    {
        Forget(signed().Sequence);
        if (record.Facts.Settlement is not null)
        {
            Keep(new UnsignedFact(record.Sequence, null, record.Facts, closed, policyState));
        }
        else if (record.Input is SealedInput sealed_)
        {
            Keep(new UnsignedFact(record.Sequence, null, record.Facts, null, "", sealed_));
        }
        else if (record is { Facts.Signer: { } signer, Input: MessageInput { Snapshot: { } snapshot } } && (record.Facts.Verdict is not null || IsNew(snapshot, signer, record.Sequence)))
        {
            Keep(new UnsignedFact(record.Sequence, snapshot, record.Facts, null, ""));
        }
    }

    // One message of an account for its name speaks for all. A session key's and a contract's each need a word of their own.
    private bool IsNew(SignedSnapshot snapshot, NameFact signer, long sequence) =>
        signer is not { Delegation: null, ByContract: null } || keys.TryAdd((snapshot.Body.Signer, signer.Account, signer.Payout), sequence);

    private void Keep(UnsignedFact fact)
    {
        facts.Enqueue(fact);
        if (facts.Count > MostFacts)
        {
            throw Refused(fact.Sequence, string.Create(CultureInfo.InvariantCulture, $"{MostFacts} names, verdicts and settlements before it would have to be asked for again, since no later record is known to be signed"));
        }
    }

    private void Forget(long upTo)
    {
        while (facts.TryPeek(out var oldest) && oldest.Sequence <= upTo)
        {
            if (facts.Dequeue() is { Snapshot: { } snapshot, Facts.Signer: { } signer }
                && keys.TryGetValue((snapshot.Body.Signer, signer.Account, signer.Payout), out var first) && first <= upTo)
            {
                keys.Remove((snapshot.Body.Signer, signer.Account, signer.Payout));
            }
        }
    }
}

/// <summary>What came from outside with a record that the pool has not signed.</summary>
/// <param name="Sequence">The record.</param>
/// <param name="Snapshot">Its message; null for a settlement or a sealed epoch.</param>
/// <param name="Facts">What is recorded.</param>
/// <param name="Epoch">The epoch that was settled; null for a message.</param>
/// <param name="PolicyState">What its settlement began with.</param>
/// <param name="Sealed">Which snapshot an epoch was sealed by; null for all else.</param>
/// <param name="Question">Which answers were compared; null for all else.</param>
internal sealed record UnsignedFact(
    long Sequence, SignedSnapshot? Snapshot, PoolFacts Facts, EpochAccount? Epoch, string PolicyState, SealedInput? Sealed = null, AgreementQuestion? Question = null);
