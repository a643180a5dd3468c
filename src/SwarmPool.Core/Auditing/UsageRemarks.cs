using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Settlement;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// What a job that pays by what is counted comes to follows from its signed rates and a recorded count. The count is the pool's word; whoever has the job's
/// input, output and evidence, which the proof names, can count again. One line says how much was charged so.
/// </summary>
/// <param name="list">Where remarks go.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class UsageRemarks(RemarkList list)
{
    private RemarkList.Entry? remark;
    private long jobs;

    /// <param name="record">A record.</param>
    /// <param name="state">The state after it.</param>
    public void Hear(PoolRecord record, PoolState state)
    {
        foreach (var decided in record.Events.OfType<JobDecided>())
        {
            if (state.Jobs.TryGet(decided.Cid, out var job) && job.Charge is { } charge)
            {
                Add(charge);
            }
        }
    }

    private void Add(Usdc charge)
    {
        remark ??= list.Add(AuditRemarkKinds.Usage, 0, "");
        remark.Micro += charge.Micro;
        remark.What = string.Create(
            CultureInfo.InvariantCulture,
            $"{++jobs} {(jobs == 1 ? "job pays" : "jobs pay")} by what was counted: the count is the pool's word, and can be repeated in input, output and evidence");
    }
}
