using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Reporting;

/// <summary>What a pool decided about checked work, for people.</summary>
public static class VerdictText
{
    /// <summary>One line.</summary>
    public static string Of(CheckDecidedItem check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var (job, by) = (check.JobCid.ToShortString(), check.Checker is { } checker ? $" by {checker}" : "");
        return (check.Verdict switch
        {
            CheckVerdicts.Right => $"CHECKED: {job} of {check.Miner}{by}: right",
            CheckVerdicts.Wrong => $"CHECKED: {job} of {check.Miner}{by}: wrong; it is not paid",
            CheckVerdicts.Unchecked => $"NOT CHECKED: {job} of {check.Miner}: nobody was there to check it",
            _ => $"NOT CHECKED: {job} of {check.Miner}{by}: no result, which is held against nobody",
        })
            + (check.Fee > Settlement.Usdc.Zero ? $" (fee {check.Fee} USDC)" : "")
            + (check.Code is { } code ? $". {code}" : "")
            + (check.Reason is { } why ? $": {why}" : "");
    }
}
