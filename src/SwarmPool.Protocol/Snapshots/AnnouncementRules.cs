using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>The forms of the fields of announcements and their items.</summary>
internal static class AnnouncementRules
{
    private const int MostItems = 256;

    public static Refusal? Check(Announcement announcement) =>
        Field.Range("$.from_sequence", announcement.FromSequence, 0)
        ?? Field.Range("$.to_sequence", announcement.ToSequence, announcement.FromSequence)
        ?? Field.Digest("$.journal_head", announcement.JournalHead)
        ?? announcement switch
        {
            JobsNew a => Items(a, JobNew),
            JobsRejected a => Items(a, static (path, item) => Field.OneOf($"{path}.request", item.Request, SnapshotTypes.Job, SnapshotTypes.Cancel) ?? Why(path, item.Code, item.Reason)),
            JobsCancelled a => Items(a, static (_, _) => null),
            JobsFailed a => Items(a, JobFailed),
            ClaimsAccepted a => Items(a, ClaimAccepted),
            ClaimsRejected a => Items(a, ClaimRejected),
            ClaimsTimeout a => Items(a, ClaimTimeout),
            ProofsAccepted a => Items(a, ProofAccepted),
            ProofsRejected a => Items(a, static (path, item) => Attempt(path, item.Attempt) ?? Why(path, item.Code, item.Reason)),
            ProofsCommitted a => Items(a, CheckFields.Committed),
            ChecksNew a => Items(a, CheckFields.New),
            ChecksDecided a => Items(a, CheckFields.Decided),
            MinersJoined a => Items(a, static (path, item) => FieldRules.Models($"{path}.models", item.Models) ?? Field.Range($"{path}.registered_at", item.RegisteredAt, 0)),
            MinersRejected a => Items(a, static (path, item) => Why(path, item.Code, item.Reason)),
            RevocationsAccepted a => Items(a, static (path, item) => Field.Digest($"{path}.revokes", item.Revokes)),
            RevocationsRejected a => Items(a, static (path, item) => Field.Digest($"{path}.revokes", item.Revokes) ?? Why(path, item.Code, item.Reason)),
            EpochsOpened a => Items(a, EpochOpened),
            EpochsSealed a => Items(a, static (path, item) => Field.Identifier($"{path}.epoch_id", item.EpochId) ?? Field.Range($"{path}.jobs", item.Jobs, 0)),
            _ => null,
        };

    private static Refusal? Items<T>(Announcement<T> announcement, Func<string, T, Refusal?> check) =>
        Field.Count("$.items", announcement.Items, 1, MostItems) ?? Field.Each("$.items", announcement.Items, check);

    private static Refusal? JobNew(string path, JobNewItem item) =>
        Field.JobType($"{path}.job_type", item.JobType)
        ?? Field.Model($"{path}.model", item.Model)
        ?? Attempt(path, item.Attempt)
        ?? Field.Range($"{path}.deadline", item.Deadline, 0)
        ?? Field.Range($"{path}.time_limit_seconds", item.TimeLimitSeconds ?? 0, 0)
        ?? Field.Range($"{path}.input_bytes", item.InputBytes ?? 0, 0)
        ?? Field.Range($"{path}.reserved_until", item.ReservedUntil ?? 0, 0)
        ?? RatesFields.Rates($"{path}.rates", item.Rates)
        ?? (item.Funding is { } funding ? Field.OneOf($"{path}.funding", funding, JobFunding.Unfunded) : null);

    private static Refusal? JobFailed(string path, JobFailedItem item) =>
        Field.OneOf($"{path}.reason", item.Reason, JobFailReasons.Expired, JobFailReasons.MaxAttempts, JobFailReasons.NoAgreement, JobFailReasons.Unchecked)
        ?? Field.Range($"{path}.attempts", item.Attempts, 0, int.MaxValue)
        ?? Field.Line($"{path}.detail", item.Detail, Field.Detail);

    private static Refusal? ClaimAccepted(string path, ClaimAcceptedItem item) =>
        Attempt(path, item.Attempt)
        ?? Field.Range($"{path}.fence", item.Fence, 1)
        ?? Field.Range($"{path}.lease_until", item.LeaseUntil, 0)
        ?? Field.Range($"{path}.limit_until", item.LimitUntil, 0);

    private static Refusal? ClaimRejected(string path, ClaimRejectedItem item) =>
        Attempt(path, item.Attempt)
        ?? Field.OneOf($"{path}.request", item.Request, SnapshotTypes.Claim, SnapshotTypes.Release)
        ?? Why(path, item.Code, item.Reason);

    private static Refusal? ClaimTimeout(string path, ClaimTimeoutItem item) =>
        Attempt(path, item.Attempt)
        ?? Field.OneOf($"{path}.reason", item.Reason, LeaseEndReasons.Timeout, LeaseEndReasons.Released, LeaseEndReasons.Failed, LeaseEndReasons.Withheld)
        ?? Field.Line($"{path}.detail", item.Detail, Field.Detail);

    // A replica's proof counts in no epoch before its job is decided.
    private static Refusal? ProofAccepted(string path, ProofAcceptedItem item) =>
        Attempt(path, item.Attempt)
        ?? (item.EpochId.Length == 0 && !item.Decided ? null : Field.Identifier($"{path}.epoch_id", item.EpochId))
        ?? RatesFields.Usage($"{path}.usage", item.Usage)
        ?? (item.Check is { } check ? Field.OneOf($"{path}.check", check, ProofChecks.Form, ProofChecks.Right, ProofChecks.Unchecked, ProofChecks.Replicas) : null);

    private static Refusal? EpochOpened(string path, EpochOpenedItem item) =>
        Field.Identifier($"{path}.epoch_id", item.EpochId)
        ?? Field.Range($"{path}.number", item.Number, 1)
        ?? Field.Range($"{path}.started_at", item.StartedAt, 0);

    private static Refusal? Attempt(string path, int attempt) => Field.Range($"{path}.attempt", attempt, 1, int.MaxValue);

    private static Refusal? Why(string path, string code, string reason) =>
        Field.Code($"{path}.code", code) ?? Field.Text($"{path}.reason", reason, Field.Reason);
}
