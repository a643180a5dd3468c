using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>
/// Rules 2: who comes first, who waits, and who is believed, by what miners and clients did for each other (<see cref="Standing"/>).
/// Names cost nothing, so whatever a name that did nothing says or does costs nobody else more than one attempt: it blames nobody, it
/// uses up none of a job's attempts, and no other name's strikes keep a miner from a client that it works for.
/// </summary>
internal static class StandingRules
{
    /// <summary>Of this many jobs one has no head start: that is how a new miner comes to its first.</summary>
    public const int NewcomersShare = 8;

    /// <summary>How many clients must have a strike against a miner before it waits for others to go first.</summary>
    public const int SeveralClients = 3;

    /// <summary>How long a client's strike counts with other clients.</summary>
    public const long EvidenceMs = 3_600_000;

    /// <summary>The longest that a miner with strikes waits for others to go first, in head starts.</summary>
    public const int MostHeadStarts = 15;

    /// <summary>What stands against a claim by what the miner did, for now; null when nothing does.</summary>
    public static Decision? Against(PoolState state, JobEntry job, MinerEntry miner, long at)
    {
        var with = miner.With(job.Client);
        if (with?.PauseUntil > at)
        {
            return Decision.Refuse(
                ErrorCodes.CoolDownWithClient,
                $"{miner.Name} had {with.Strikes} jobs of {job.Client} in a row and did not do them; it may claim this client's again in {Seconds(with.PauseUntil - at)} s. Other clients' jobs are not meant.");
        }

        if (with?.IsGood == true)
        {
            return null;
        }

        if (job.ReservedUntil is { } reserved && reserved > at)
        {
            return Decision.Refuse(
                ErrorCodes.JobReserved, $"For {Seconds(reserved - at)} s more the job is kept for miners that have done work for {job.Client}; then any miner may claim it.");
        }

        var last = job.WaitsSince + LastInLine(state, miner, at);
        return last > at
            ? Decision.Refuse(
                ErrorCodes.JobReserved, $"Jobs of several clients ended without a proof of {miner.Name}: for {Seconds(last.Value - at)} s more others go first.")
            : null;
    }

    /// <summary>
    /// How long the miner may hold the job at most. One without standing may hold it for half of the time that is left, so that silence
    /// leaves another the other half.
    /// </summary>
    public static long LongestAttempt(PoolState state, JobEntry job, MinerEntry miner, long at) => miner.With(job.Client)?.IsGood == true
        ? job.AttemptMs
        : Math.Min(job.AttemptMs, Math.Max(state.Settings!.ClaimTimeoutMs, (job.DeadlineMs - at) / 2));

    /// <summary>Until when an attempt that waits from now on is kept for miners with standing; null where none of them could claim it now.</summary>
    public static long? Reservation(PoolState state, EnsName client, JobWants wants, long number, int attempt, long at) =>
        state.Settings!.HeadStartMs is > 0 and var headStart
        && (attempt > 1 || number % NewcomersShare != 0)
        && state.Miners.WithStanding(client).Any(miner => WaitsForWork(miner, client, wants, at))
            ? at + headStart
            : null;

    /// <summary>An attempt ended without a proof.</summary>
    public static IReadOnlyList<PoolEvent> End(PoolState state, JobEntry job, Lease lease, string reason, string? detail, long at)
    {
        var miner = state.Miners[lease.Miner];
        var counts = miner.With(job.Client)?.IsGood == true;
        var ended = new LeaseEnded(
            job.Cid, lease.Attempt, lease.Fence, lease.Miner, reason, at + Pause(state, job, miner, IsSilence(lease, reason)), counts ? true : null, detail);
        if (!IsOver(state, job, counts ? 1 : 0, [lease.Miner]))
        {
            return [ended, Again(state, job, at)];
        }

        var failed = new JobFailed(job.Cid, JobFailReasons.MaxAttempts);
        return counts && reason == LeaseEndReasons.Failed && Blame(state, job, lease.Miner, at) is { } blamed ? [ended, failed, blamed] : [ended, failed];
    }

    /// <summary>The replicas did not agree. Who has standing is believed, or was mistaken; who has none is neither believed nor paid, and waits.</summary>
    public static IReadOnlyList<PoolEvent> Disagree(PoolState state, JobEntry job, IReadOnlyList<EnsName> miners, long at)
    {
        var strangers = miners.Where(name => state.Miners[name].With(job.Client)?.IsGood != true).ToList();
        List<PoolEvent> events = strangers.ConvertAll<PoolEvent>(name => new ProofDisputed(job.Cid, name, at + Pause(state, job, state.Miners[name], false)));
        events.Add(IsOver(state, job, strangers.Count == 0 ? 1 : 0, strangers) ? new JobFailed(job.Cid, JobFailReasons.NoAgreement) : Again(state, job, at));
        return events;
    }

    /// <summary>The job is offered again, and nothing counts against it.</summary>
    public static JobRequeued Again(PoolState state, JobEntry job, long at)
    {
        var supply = MatchingRules.Of(state, JobWants.Of(job));
        return new(job.Cid, job.Attempt + 1, supply.Fit, Reservation(state, job.Client, JobWants.Of(job), job.Number, job.Attempt + 1, at), supply.Match(job.Needs));
    }

    // By the word of those whom the client has reason to believe; or because nobody is left: each that could do it had all attempts.
    private static bool IsOver(PoolState state, JobEntry job, int counted, IReadOnlyList<EnsName> now) =>
        (job.Counted ?? 0) + counted >= state.Settings!.MaxAttempts || HaveAllTried(state, job, now, state.Settings.MaxAttempts);

    private static bool HaveAllTried(PoolState state, JobEntry job, IReadOnlyList<EnsName> now, int attempts)
    {
        var wants = JobWants.Of(job);
        var supply = MatchingRules.Of(state, wants);
        return (supply.Fit > 0 || supply.Have == 0) // Those that have the model may ask for less again, or have more.
            && (long)supply.Fit * attempts <= Standing.MostTried + now.Count && (job.TriedBy ?? []).Concat(now)
            .GroupBy(static name => name)
            .Count(tries => tries.Count() >= attempts && state.Miners.TryGet(tries.Key, out var miner) && wants.FitsTo(miner)) >= supply.Fit;
    }

    // Several miners that did work for the client, each once, and none of them could do this.
    private static JobBlamed? Blame(PoolState state, JobEntry job, EnsName last, long at)
    {
        List<EnsName> miners = [.. job.FailedBy ?? [], last];
        return miners.Count == (job.Counted ?? 0) + 1 && miners.Count > 1 && miners.Distinct().Count() == miners.Count
            ? new JobBlamed(job.Cid, job.Client, miners, Attempts.ClientPause(state, job.Client, at))
            : null;
    }

    /// <summary>One that lets a claim lapse waits at once. One that says so, or that needed all of the time that the job gives, waits from the second time on.</summary>
    public static long Pause(PoolState state, JobEntry job, MinerEntry miner, bool isSilence)
    {
        var strikes = miner.With(job.Client)?.Strikes ?? 0;
        if (!isSilence && strikes-- == 0)
        {
            return 0;
        }

        return Math.Min(state.Settings!.CoolDownMs << Math.Min(strikes, 20), PoolState.MaxCoolDownMs);
    }

    private static bool IsSilence(Lease lease, string reason) => reason == LeaseEndReasons.Timeout && lease.Until < lease.LimitUntil;

    // Strikes of several clients don't keep a miner from work, they put it at the end of the line: by free names alone it loses seconds.
    private static long LastInLine(PoolState state, MinerEntry miner, long at)
    {
        var clients = miner.Clients?.Count(one => one.Strikes > 0 && at - one.At < EvidenceMs) ?? 0;
        return clients < SeveralClients ? 0 : Math.Min(clients, MostHeadStarts) * (state.Settings!.HeadStartMs ?? 0);
    }

    // One that has work, or has not been seen at this client's for long, is not waited for.
    private static bool WaitsForWork(MinerEntry miner, EnsName client, JobWants wants, long at) =>
        miner.LiveClaims == 0
        && miner.With(client) is { } with
        && with.PauseUntil <= at
        && at - with.At < EvidenceMs
        && wants.FitsTo(miner);

    private static long Seconds(long ms) => (ms + 999) / 1000;
}
