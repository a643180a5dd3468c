using SwarmPool.Identity;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>What the daemon does, for people.</summary>
public sealed class DaemonScreen(Terminal terminal, Printer printer, TimeProvider time, DaemonOptions options) : IDaemonObserver
{
    private readonly QuietEpochs story = new(new Story(terminal, printer, time));
    private bool stoodBy;

    /// <inheritdoc/>
    public void StandingBy(EnsName pool, JournalLeader? leader, long records, string journal)
    {
        var behind = leader is null ? "another" : $"{leader.Owner} (term {leader.Fence}, since {Times.Utc(leader.Since.ToUnixTimeMilliseconds())})";
        if (stoodBy)
        {
            story.Head($"STANDBY: behind {behind}, at record {records}");
            return;
        }

        stoodBy = true;
        story.Open(() =>
        {
            terminal.Box("SWARMPOOL DAEMON STANDS BY",
            [
                ("Pool:", pool.Text),
                ("Behind:", behind),
                ("Journal:", $"{journal}, at record {records}"),
                ("Lease:", $"{options.LeaseSeconds} s; when it lapses, this daemon leads"),
            ]);
            terminal.Line();
        });
    }

    /// <inheritdoc/>
    public void Started(EnsName pool, long term, long records, string journal) => story.Open(() =>
    {
        terminal.Box(stoodBy ? "SWARMPOOL DAEMON LEADS" : "SWARMPOOL DAEMON STARTED",
        [
            ("Pool:", pool.Text),
            .. stoodBy ? [("Leads since:", Times.Utc(time.GetUtcNow().ToUnixTimeMilliseconds()))] : Array.Empty<(string, string)>(),
            ("Mode:", "DECENTRALIZED"),
            ("Epoch:", $"{options.EpochDurationSeconds} s"),
            ("Claims:", $"{options.ClaimTimeoutSeconds} s without a sign of life"),
            ("Journal:", $"{journal} (term {term}, {records} records)"),
            ("", ""),
            ("", "Watching for:"),
            ("", "• Job submissions"),
            ("", "• Miner claims"),
            ("", "• Proof submissions"),
        ]);
        terminal.Line();
    });

    /// <inheritdoc/>
    public void ChecksBy(CheckPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        story.Head($"CHECKS: {policy.Text}", policy.IsOn ? Tone.Plain : Tone.Warn);
        story.Detail($"{(policy.IsOn ? "" : "! ")}{policy.Condition}", policy.IsOn ? Tone.Plain : Tone.Warn);
    }

    /// <inheritdoc/>
    public void Announced(string type, object item)
    {
        switch (item)
        {
            case JobNewItem job:
                NewJob(job);
                break;
            case JobCancelledItem job:
                story.Head($"CANCELLED: {Short(job.Cid)} by {job.Client}");
                break;
            case JobFailedItem job:
                story.Head($"{(job.Reason == JobFailReasons.Expired ? "EXPIRED" : "FAILED")}: {Short(job.Cid)} of {job.Client}");
                story.Detail($"✗ Nobody pays for it. Reason: {job.Reason}, attempts: {job.Attempts}", Tone.Bad);
                break;
            case ClaimAcceptedItem claim:
                story.Head($"CLAIM: {claim.Miner} → {Short(claim.JobCid)}");
                story.Detail($"✓ Claim accepted. Timeout: {Seconds(claim.LeaseUntil)} s{(claim.Attempt > 1 ? $", attempt {claim.Attempt}" : "")}", Tone.Good);
                break;
            case ClaimTimeoutItem claim:
                story.Head($"{(claim.Reason == LeaseEndReasons.Timeout ? "TIMEOUT" : claim.Reason.ToUpperInvariant())}: {Short(claim.JobCid)} returned to the pool (was: {claim.Miner})", Tone.Warn);
                if (claim.Detail is { } why)
                {
                    story.Detail($"! {why}", Tone.Warn);
                }

                break;
            case ProofAcceptedItem proof:
                story.Head($"PROOF: {proof.Miner} → {Short(proof.JobCid)}");
                story.Detail(proof.Decided ? $"✓ Proof accepted! Counts in {proof.EpochId}" : "✓ Proof accepted; more replicas are wanted", Tone.Good);
                break;
            case CheckNewItem check:
                story.Head($"CHECK: {check.Miner} → {Short(check.JobCid)} ({(check.Kind == CheckKinds.Run ? "does it too" : "scores it")})");
                break;
            case CheckDecidedItem check:
                story.Head(VerdictText.Of(check), check.Verdict == CheckVerdicts.Wrong ? Tone.Bad : Tone.Plain);
                break;
            case MinerJoinedItem miner:
                story.Head($"MINER: {miner.Miner} ({miner.Mode}) offers {string.Join(", ", miner.Models)}");
                break;
            case EpochOpenedItem epoch:
                story.Opened(epoch.EpochId);
                break;
        }
    }

    /// <inheritdoc/>
    public void MinerOffline(EnsName miner) => story.Head($"MINER OFFLINE: {miner}", Tone.Warn);

    /// <inheritdoc/>
    public void Refused(string type, EnsName from, string code, string reason)
    {
        story.Head($"{type.ToUpperInvariant()} from {from}");
        story.Detail($"✗ Refused: {code}: {reason}", Tone.Bad);
    }

    /// <inheritdoc/>
    public void Sealed(EpochSnapshot epoch, Cid cid, IReadOnlyList<PayoutItem> payouts)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentNullException.ThrowIfNull(payouts);
        if (epoch is { JobsCount: 0, PolicyReplaced: false, Refunds: null, Checks: null } && payouts.Count == 0)
        {
            story.SealedEmpty(epoch.EpochId);
            return;
        }

        story.Head($"EPOCH SEALED: {epoch.EpochId}", Tone.Strong);
        story.Detail($"{cid}");
        story.Detail($"Jobs: {epoch.JobsCount}  Volume: {epoch.TotalVolumeUsdc} USDC  Miners: {epoch.Settlements.MinerPool}  Operations: {epoch.Settlements.HiveOps}{PayeeLines.Sum(epoch.Settlements.Declared, "  Others: ")}{HeldLines.Checkers(epoch, "  Checkers: ")}");
        foreach (var (what, of) in HeldLines.Of(epoch))
        {
            story.Detail($"{what} {of}");
        }

        if (epoch.PolicyReplaced)
        {
            story.Detail($"! Settled by {epoch.Policy.Name} {epoch.Policy.Version} in the place of the pool's policy", Tone.Warn);
        }

        foreach (var payout in payouts)
        {
            story.Detail($"{payout.Miner}: {payout.Amount} USDC → {payout.Address}");
        }

        foreach (var (who, what) in PayeeLines.Of(epoch.Settlements.Declared))
        {
            story.Detail($"{who} {what}");
        }
    }

    /// <inheritdoc/>
    public void Unsettled(string epochId, string code, string reason)
    {
        story.Head($"EPOCH NOT SETTLED: {epochId}", Tone.Bad);
        story.Detail($"✗ {code}: {reason}", Tone.Bad);
        story.Detail("  By another policy: stop the daemon, then swarmpool epoch settle --policy PLUGIN");
    }

    /// <inheritdoc/>
    public void ClockJumped(TimeSpan by, ClockJumpPhase phase) => story.Head($"CLOCK: {ErrorCodes.ClockJumped}: {ClockText.Of(by, phase)}", Tone.Warn);

    /// <inheritdoc/>
    public void Placed(EnsName pool, LocationComparison compared)
    {
        ArgumentNullException.ThrowIfNull(compared);
        if (compared.Differences.Count == 0)
        {
            story.Head($"NAME: {pool} leads here");
            return;
        }

        story.Head($"NAME: who knows only {pool} does not come here", Tone.Warn);
        foreach (var difference in compared.Differences)
        {
            story.Detail($"! {ErrorCodes.PlaceDiffers}: {difference}", Tone.Warn);
        }

        story.Detail("Let its records say:");
        if (compared.Published.State is { } state)
        {
            story.Detail($"{NameScreen.StateRecord}  {state}");
        }

        story.Detail($"{NameScreen.PeersRecord}  {compared.Published.PeersText}");
    }

    private static string Short(Cid cid) => cid.ToShortString();

    private void NewJob(JobNewItem job)
    {
        story.Head($"{(job.Attempt > 1 ? "JOB AGAIN" : "NEW JOB")}: {Short(job.Cid)} ({job.Model}, {job.Reward} USDC) from {job.Client}");
        if (job.Miners == 0)
        {
            story.Detail(job.Match is { } match
                ? $"! Of {Counted.Of(match.Have, "miner")} with {job.Model} none can do it at this price; the job waits"
                : $"! No registered miner offers {job.Model} yet; the job waits", Tone.Warn);
        }
        else
        {
            story.Detail($"✓ Job in the pool, attempt {job.Attempt}. Miners that offer {job.Model}: {job.Miners}", Tone.Good);
        }
    }

    private long Seconds(long until) => (long)Math.Round((until - time.GetUtcNow().ToUnixTimeMilliseconds()) / 1000.0);
}
