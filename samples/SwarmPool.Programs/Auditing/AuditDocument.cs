using SwarmPool.Core.Auditing;

namespace SwarmPool.Programs.Auditing;

/// <summary>What an audit found, for machines.</summary>
public static class AuditDocument
{
    /// <summary>The document that <c>--json</c> writes; money at stake in whole micro-USDC.</summary>
    public static object Of(EpochAuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new
        {
            report.Cid,
            report.Snapshot.EpochId,
            right = report.IsRight,
            quiet = report.IsQuiet,
            report.DecidedAgain,
            report.Epochs,
            report.Records,
            report.Messages,
            report.Splits,
            report.SplitChecked,
            report.Snapshot.PolicyReplaced,
            report.Snapshot.Settlements.Declared,
            report.Snapshot.WorkFrom,
            report.Snapshot.WorkTo,
            refunded = report.Snapshot.Refunds?.Total,
            report.DifferenceCount,
            differences = report.Differences.Select(static difference => difference.ToString()),
            report.Names,
            report.RemarkCount,
            report.Remarks,
            report.AtStakeMicroUsdc,
        };
    }
}
