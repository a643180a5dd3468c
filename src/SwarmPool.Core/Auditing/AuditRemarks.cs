using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// What a pool may do, and whoever audits should see: the settings that it changes, replicas that its verifier asks for, whom it pays
/// operations as, and by which policies it settles. Each with the money that hangs on it.
/// </summary>
/// <remarks>Not thread-safe. What comes again and again is one line.</remarks>
internal sealed class AuditRemarks
{
    private readonly RemarkList list = new();
    private readonly SettingRemarks settings;
    private readonly ReplicaRemarks replicas;
    private readonly UsageRemarks usage;
    private readonly SortedDictionary<string, Epochs> settledBy = new(StringComparer.Ordinal);
    private Epochs? replaced;
    private Int128 ended;
    private Int128 open;

    public AuditRemarks() => (settings, replicas, usage) = (new SettingRemarks(list), new ReplicaRemarks(list), new UsageRemarks(list));

    /// <summary>The 100 with the most money at stake.</summary>
    public IReadOnlyList<AuditRemark> Listed => list.Listed;

    public long Count => list.Count;

    /// <summary>What hangs on these and, as much as that, on names: but no more than there was.</summary>
    public long AtStake(Int128 names) => RemarkList.Clamp(Int128.Min(list.Micro + names, ended + open));

    public void Add(string kind, long record, string what, Int128 micro = default) => list.Add(kind, record, what, micro);

    /// <param name="record">A record of an epoch that is audited alone.</param>
    public void Hear(PoolRecord record) => ended += Paid(record);

    /// <param name="record">A record.</param>
    /// <param name="before">The settings before it; null before the first start.</param>
    /// <param name="state">The state after it.</param>
    public void Hear(PoolRecord record, PoolSettings? before, PoolState state)
    {
        open = state.Jobs.OpenVolumeMicro;
        foreach (var happened in record.Events)
        {
            switch (happened)
            {
                case PoolStarted started:
                    settings.Hear(started, record.Sequence, before, ended, open);
                    before = started.Settings;
                    break;
                case JobDecided or JobFailed when PriceOf(happened, state) is { } price:
                    ended += price.Micro;
                    break;
                default:
                    break;
            }
        }

        replicas.Hear(record, state);
        usage.Hear(record, state);
    }

    /// <param name="epoch">An epoch that was read.</param>
    /// <param name="again">Whether it was settled again.</param>
    public void Hear(EpochSnapshot epoch, bool again)
    {
        settings.Hear(epoch);
        if (!again)
        {
            var by = $"{epoch.Policy.Name} {epoch.Policy.Version}";
            Hear(settledBy.TryGetValue(by, out var epochs) ? epochs : settledBy[by] = new Epochs(list.Add(AuditRemarkKinds.Policy, 0, "")), epoch, $"settled by {by}, which is not at hand: the sums are right, nobody has settled again");
        }

        if (epoch.PolicyReplaced)
        {
            Hear(replaced ??= new Epochs(list.Add(AuditRemarkKinds.Policy, 0, "")), epoch, "settled by a policy that replaced the pool's own");
        }
    }

    /// <summary>The last epoch's settlement is recorded after it: whom it pays operations as, and who is declared, is not proved yet.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="by">The settings when it closed.</param>
    public void HearLast(EpochSnapshot epoch, PoolSettings by)
    {
        var paid = new Payee(epoch.Settlements.Operations.Miner, epoch.Settlements.Operations.Address);
        var right = new Payee(by.OperationsName, by.OperationsAddress);
        if (paid != right)
        {
            Add(
                AuditRemarkKinds.Operations, 0, $"{epoch.EpochId} pays operations as {SettlementRules.Shown(paid)}; by the settings recorded up to its end that would be {SettlementRules.Shown(right)}, and the epoch after it will tell",
                epoch.Settlements.Operations.Amount.Micro);
        }

        var declared = (epoch.Settlements.Declared ?? []).Where(item => by.Payees?.Contains(EpochItems.PayeeOf(item)) != true).ToList();
        if (declared.Count > 0)
        {
            Add(
                AuditRemarkKinds.Payees, 0, $"{epoch.EpochId} declares {DeclaredPayouts.Shown(declared.Select(EpochItems.PayeeOf))} besides miners and operations; the settings recorded up to its end don't, and the epoch after it will tell",
                DeclaredPayouts.Sum(declared));
        }
    }

    /// <summary>Of an epoch that is audited alone the settings are not known: that its payees were declared is its own word.</summary>
    public void HearAlone(EpochSnapshot epoch)
    {
        if (DeclaredPayouts.Sum(epoch.Settlements.Declared) is var micro && micro > 0)
        {
            Add(AuditRemarkKinds.Payees, 0, $"{epoch.EpochId} pays {DeclaredPayouts.Shown(epoch.Settlements.Declared!.Select(EpochItems.PayeeOf))} besides miners and operations: an audit of its history shows whether the settings declare them", micro);
        }
    }

    /// <summary>Nothing more is read.</summary>
    public void End(PoolState state)
    {
        settings.End(ended, open);
        replicas.End(state);
    }

    private static void Hear(Epochs epochs, EpochSnapshot epoch, string what)
    {
        (epochs.First, epochs.Last, epochs.Count) = (epochs.Count == 0 ? epoch.Number : epochs.First, epoch.Number, epochs.Count + 1);
        epochs.Remark.Micro += epoch.TotalVolumeUsdc.Micro;
        epochs.Remark.What = epochs.Count == 1
            ? $"{EpochAccount.IdOf(epochs.First)} was {what}"
            : string.Create(CultureInfo.InvariantCulture, $"{epochs.Count} epochs from {EpochAccount.IdOf(epochs.First)} to {EpochAccount.IdOf(epochs.Last)} were {what}");
    }

    private static Usdc? PriceOf(PoolEvent happened, PoolState state) => happened is JobDecided decided
        ? decided.Parts.Aggregate(Usdc.Zero, static (sum, part) => sum + part.Price)
        : state.Jobs.TryGet(((JobFailed)happened).Cid, out var job) ? job.Price : null;

    private static Int128 Paid(PoolRecord record) =>
        record.Events.OfType<JobDecided>().SelectMany(static job => job.Parts).Aggregate((Int128)0, static (sum, part) => sum + part.Price.Micro);

    private sealed class Epochs(RemarkList.Entry remark)
    {
        public RemarkList.Entry Remark => remark;

        public long Count { get; set; }

        public long First { get; set; }

        public long Last { get; set; }
    }
}
