using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Auditing;

/// <summary>
/// What a pool has published, as a stranger audits it: with contents, names and the policy's code, and no word of the operator's.
/// </summary>
/// <remarks>
/// Thread-safe. Everything fetched is hostile until checked: each content against its CID, sizes bounded, and what does not add up is a
/// difference. Memory: the pool's state, one epoch's proofs and payouts, and those of the epochs whose work is held.
/// </remarks>
public sealed class PoolAuditor
{
    private readonly IIdentityProvider identity;
    private readonly TimeProvider time;
    private readonly DelegationCache delegations;
    private readonly NameCache names;
    private readonly SignerCheck signers;
    private readonly EpochSource source;

    /// <summary>Makes an auditor.</summary>
    /// <param name="content">Where contents are fetched from.</param>
    /// <param name="identity">Who may sign for whom.</param>
    /// <param name="time">The clock, for patience.</param>
    public PoolAuditor(IContentStore content, IIdentityProvider identity, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(time);
        this.identity = identity;
        this.time = time;
        var reader = new ContentReader(content, time);
        names = new NameCache(identity, time);
        delegations = new DelegationCache(reader, time);
        signers = new SignerCheck(names, SignatureEngines.Best, time, delegations);
        source = new EpochSource(reader);
    }

    /// <summary>
    /// The policy to settle epochs by again: those that were settled by one of its name and version, the others' splits are only summed up.
    /// Null leaves that out. It is run in place, without a time limit.
    /// </summary>
    public ISettlementPolicy? Policy { get; init; }

    /// <summary>Whether a right audit of the history ends with a checkpoint; default false.</summary>
    public bool KeepCheckpoint { get; init; }

    /// <summary>What recovers the accounts of signatures.</summary>
    internal ISignatureEngine Engine { get; init; } = SignatureEngines.Best;

    /// <summary>Is told how far an audit is: with each epoch, and with each thousandth record; null: nobody is.</summary>
    public IProgress<AuditProgress>? Progress { get; init; }

    /// <summary>Fetches an epoch's snapshot.</summary>
    /// <exception cref="SwarmPoolException">It is unavailable or is not an epoch.</exception>
    public async ValueTask<SignedSnapshot> FetchAsync(Cid epoch, CancellationToken cancellationToken = default) =>
        (await source.EpochAsync(epoch, cancellationToken)).Signed;

    /// <summary>Reads an epoch's snapshot.</summary>
    /// <exception cref="SwarmPoolException">The bytes are no epoch.</exception>
    public static SignedSnapshot Read(ReadOnlyMemory<byte> bytes) => EpochSource.Decode(bytes).Signed;

    /// <summary>
    /// Audits one epoch alone: the pool's signature, the signature of every message in its records, that these follow those of the epoch
    /// before, and that its proofs, roots, sums and payouts are what the records and the policy give. That the records were decided by
    /// the rules is left to <see cref="AuditHistoryAsync"/>, since it needs the state that they were decided in.
    /// </summary>
    /// <param name="epoch">The epoch, from <see cref="FetchAsync"/> or <see cref="Read"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">Something is unavailable: there is nothing to audit.</exception>
    public async Task<EpochAuditReport> AuditEpochAsync(SignedSnapshot epoch, CancellationToken cancellationToken = default)
    {
        var body = BodyOf(epoch);
        var findings = new AuditFindings();
        await CheckSealAsync(epoch, body, findings, cancellationToken);
        var previous = body.PreviousEpoch is { } cid ? (await source.EpochAsync(cid, cancellationToken)).Body : null;

        var reader = ReaderOf(body, findings);
        var tally = new AuditProgressReporter(body.Number, time, Progress);
        tally.Open(body);
        var remarks = new AuditRemarks();
        var alone = await new SingleEpochAudit(source, Policy, reader, tally, remarks, findings).RunAsync(body, previous, cancellationToken);
        return await ReportAsync(epoch, tally, reader, remarks, findings, alone, cancellationToken);
    }

    /// <summary>
    /// Audits an epoch and all that it stands on: every record since the pool's first is decided again from what was signed, so nothing
    /// is taken on the pool's word but what names resolved to, what verifiers said, and when each message came.
    /// </summary>
    /// <param name="epoch">The epoch, from <see cref="FetchAsync"/> or <see cref="Read"/>.</param>
    /// <param name="from">Where an earlier audit ended, to read only what came after; null: from the first epoch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">
    /// Something is unavailable; or SP3408: the checkpoint is of another pool, or of a later epoch.
    /// </exception>
    public async Task<EpochAuditReport> AuditHistoryAsync(SignedSnapshot epoch, AuditCheckpoint? from = null, CancellationToken cancellationToken = default)
    {
        var body = BodyOf(epoch);
        from?.RequireBefore(body);
        var findings = new AuditFindings { Subject = body.EpochId + ": " };
        await CheckSealAsync(epoch, body, findings, cancellationToken);

        var reader = ReaderOf(body, findings);
        var tally = new AuditProgressReporter(body.Number, time, Progress);
        var remarks = new AuditRemarks();
        var begin = from?.OpenState() ?? new PoolState();
        tally.Names.StakeAsked = begin.Settings?.MinMinerStake ?? Usdc.Zero;
        var audit = new RecordAudit(reader, begin, from?.Head ?? JournalHead.Empty, findings);
        var history = new HistoryAudit(source, Policy, audit, tally, remarks, findings);
        var result = await history.RunAsync(epoch, from, cancellationToken);
        var report = await ReportAsync(epoch, tally, reader, remarks, findings, result, cancellationToken);
        return report with
        {
            DecidedAgain = true,
            Checkpoint = KeepCheckpoint && report.IsRight ? AuditCheckpoint.Of(body, epoch.Cid, audit) : null,
        };
    }

    private static EpochSnapshot BodyOf(SignedSnapshot epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return epoch.Body as EpochSnapshot ?? throw new ArgumentException("It is not an epoch's snapshot.", nameof(epoch));
    }

    private RecordReader ReaderOf(EpochSnapshot epoch, AuditFindings findings) =>
        new(Engine, findings) { Address = (epoch.Pool, epoch.Network) };

    private async Task<EpochAuditReport> ReportAsync(
        SignedSnapshot epoch, AuditProgressReporter tally, RecordReader reader, AuditRemarks remarks, AuditFindings findings, HistoryAudit.Result splits, CancellationToken cancellationToken)
    {
        foreach (var missing in await DelegationLookup.CompareAsync(reader.Delegations, delegations, new AuditTimeBudget(time), cancellationToken))
        {
            remarks.Add(AuditRemarkKinds.Delegation, missing.Record, missing.What, missing.Micro);
        }

        var said = await tally.Names.AskAsync(names, cancellationToken);
        return new((EpochSnapshot)epoch.Body, epoch.Cid)
        {
            Epochs = tally.Epochs,
            Records = tally.Records,
            Messages = reader.Messages,
            Splits = splits.Splits,
            SplitChecked = splits.LastSplit,
            DifferenceCount = findings.Count,
            Differences = findings.Listed,
            Names = said,
            Remarks = remarks.Listed,
            RemarkCount = remarks.Count,
            AtStakeMicroUsdc = remarks.AtStake((Int128)said.ChangedMicroUsdc + said.UnavailableMicroUsdc),
        };
    }

    private async ValueTask CheckSealAsync(SignedSnapshot signed, EpochSnapshot epoch, AuditFindings findings, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        findings.Expect(
            Math.Max(epoch.EndedAt, epoch.Timestamp * 1000) <= now + Freshness.WindowMs,
            FormattableString.Invariant($"it ended at unix {epoch.EndedAt / 1000} and was settled at {epoch.Timestamp}, which is ahead of this machine's clock"));
        findings.Expect(epoch.Network == identity.Network, $"it is of the network {epoch.Network}, not {identity.Network}");
        if ((await signers.CheckAsync(signed, cancellationToken)).Refusal is { } forged)
        {
            findings.Add($"the signature is not the pool's: {forged}");
        }
    }
}

/// <summary>
/// Fetches the delegations that no audited record held: recorded before the audit began, or the same delegation signed anew, which is
/// recorded once.
/// </summary>
internal static class DelegationLookup
{
    /// <returns>Those that are unavailable, with the money of the jobs that name them.</returns>
    public static async Task<IReadOnlyList<(long Record, string What, Int128 Micro)>> CompareAsync(
        DelegationBindings bindings, DelegationCache delegations, AuditTimeBudget budget, CancellationToken cancellationToken)
    {
        var (missing, open) = (new List<(long Record, string What, Int128 Micro)>(), bindings.Open);
        for (var i = 0; i < open.Count; i++)
        {
            if (budget.IsOver)
            {
                var micro = open.Skip(i).Aggregate((Int128)0, static (sum, one) => sum + one.Micro);
                missing.Add((0, $"{open.Count - i} more delegations that no record holds were not looked up: it took too long", micro));
                break;
            }

            var (known, refusal) = await delegations.GetAsync(open[i].Named, cancellationToken);
            if (refusal is not null)
            {
                missing.Add((open[i].Sequence, $"its message names the delegation {open[i].Named}, which no record holds and can't be read: {refusal.Reason}", open[i].Micro));
            }
            else
            {
                bindings.Compare(open[i], known!.Digest);
            }
        }

        return missing;
    }
}
