using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>The forms of the fields by which work is checked (protocol 1.1).</summary>
internal static class CheckFields
{
    /// <summary>The most positions that a check may score.</summary>
    private const int MostPositions = 1 << 24;

    /// <summary>The largest score, in millionths: far above any that arithmetic gives, far below what overflows.</summary>
    private const long MostMicro = 1_000_000_000_000;

    public static Refusal? Commitment(CommitmentSnapshot commitment) =>
        Field.Range("$.attempt", commitment.Attempt, 1, int.MaxValue)
        ?? Field.Range("$.fence", commitment.Fence, 1)
        ?? Field.Digest("$.commitment", commitment.Commitment);

    public static Refusal? Check(CheckSnapshot check) =>
        Field.Range("$.fence", check.Fence, 1)
        ?? Field.OneOf("$.result", check.Result, CheckResults.Scored, CheckResults.None)
        ?? Field.Range("$.positions", check.Positions, check.Result == CheckResults.Scored ? 1 : 0, MostPositions)
        ?? Field.Range("$.exact_wins", check.ExactWins, 0, check.Positions)
        ?? Field.Range("$.margin_micro", check.MarginMicro, 0, MostMicro)
        ?? Field.Range("$.top_distance_micro", check.TopDistanceMicro, 0, MostMicro)
        ?? Class("$.class", check.Class)
        ?? Field.Line("$.detail", check.Detail, Field.Detail);

    /// <summary>The members of a proof that open its commitment.</summary>
    public static Refusal? Reveal(ProofSnapshot proof) =>
        Field.Digest("$.salt", proof.Salt)
        ?? (proof.EvidenceRoot is { } root ? Field.Root("$.evidence_root", root) : null)
        ?? (proof.EvidenceCid is null == proof.EvidenceRoot is null ? null : new Refusal(ErrorCodes.BadField, "$.evidence_root needs to stand exactly where $.evidence_cid does."));

    public static Refusal? Committed(string path, ProofCommittedItem item) =>
        Field.Range($"{path}.attempt", item.Attempt, 1, int.MaxValue)
        ?? Field.Range($"{path}.fence", item.Fence, 1)
        ?? Field.OneOf($"{path}.reveal", item.Reveal, RevealTimes.Now, RevealTimes.Wait)
        ?? Field.Range($"{path}.reveal_until", item.RevealUntil, 0);

    public static Refusal? New(string path, CheckNewItem item) =>
        Field.Range($"{path}.attempt", item.Attempt, 1, int.MaxValue)
        ?? Field.Range($"{path}.fence", item.Fence, 1)
        ?? Field.OneOf($"{path}.kind", item.Kind, CheckKinds.Run, CheckKinds.Score)
        ?? Field.Range($"{path}.lease_until", item.LeaseUntil, 0)
        ?? Field.Range($"{path}.limit_until", item.LimitUntil, 0)
        ?? Field.Model($"{path}.model", item.Model)
        ?? Field.JobType($"{path}.job_type", item.JobType);

    public static Refusal? Decided(string path, CheckDecidedItem item) =>
        Field.OneOf($"{path}.verdict", item.Verdict, CheckVerdicts.Right, CheckVerdicts.Wrong, CheckVerdicts.None, CheckVerdicts.Unchecked)
        ?? (item.Code is { } code ? Field.Code($"{path}.code", code) : null)
        ?? (item.Reason is { } reason ? Field.Text($"{path}.reason", reason, Field.Reason) : null);

    private static Refusal? Class(string path, NumericClass numbers) =>
        Field.Digest($"{path}.model_sha256", numbers.ModelSha256)
        ?? Field.Text($"{path}.runtime", numbers.Runtime, Field.FreeText)
        ?? Field.Text($"{path}.device", numbers.Device, Field.FreeText)
        ?? Field.Text($"{path}.precision", numbers.Precision, Field.FreeText);
}
