using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Auditing;

/// <summary>What a pool may do, and whoever audits should see: whom it pays operations as, and by which policies it settles.</summary>
/// <remarks>Not thread-safe. What comes again and again is one line.</remarks>
internal sealed class AuditRemarks
{
    private readonly List<string> listed = [];
    private readonly SortedDictionary<string, Epochs> settledBy = new(StringComparer.Ordinal);
    private Epochs replaced;

    /// <summary>The first 100.</summary>
    public IReadOnlyList<string> Listed =>
    [
        .. settledBy.Select(one => $"{one.Value} settled by {one.Key}, which is not at hand: the sums are right, nobody has settled again")
            .Concat(replaced.Count > 0 ? [$"{replaced} settled by a policy that replaced the pool's own"] : [])
            .Concat(listed)
            .Take(AuditFindings.MaxListed)
            .Select(SafeText.Of),
    ];

    public void Add(string what)
    {
        if (listed.Count < AuditFindings.MaxListed)
        {
            listed.Add(what);
        }
    }

    /// <param name="record">A record.</param>
    /// <param name="before">The settings before it; null before the first start.</param>
    public void Hear(PoolRecord record, PoolSettings? before)
    {
        foreach (var started in record.Events.OfType<PoolStarted>())
        {
            if (before is not null && Operations(before) != Operations(started.Settings))
            {
                Add(string.Create(CultureInfo.InvariantCulture, $"from record {record.Sequence} on operations are paid as {SettlementRules.Shown(Operations(started.Settings))}, before it as {SettlementRules.Shown(Operations(before))}"));
            }

            before = started.Settings;
        }
    }

    /// <param name="epoch">An epoch that was read.</param>
    /// <param name="again">Whether it was settled again.</param>
    public void Hear(EpochSnapshot epoch, bool again)
    {
        if (!again)
        {
            var by = $"{epoch.Policy.Name} {epoch.Policy.Version}";
            settledBy[by] = settledBy.GetValueOrDefault(by).With(epoch.Number);
        }

        replaced = epoch.PolicyReplaced ? replaced.With(epoch.Number) : replaced;
    }

    /// <summary>The last epoch's settlement is recorded after it: whom it pays operations as is not proved yet.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="settings">The settings when it closed.</param>
    public void HearLast(EpochSnapshot epoch, PoolSettings settings)
    {
        var paid = new Payee(epoch.Settlements.Operations.Miner, epoch.Settlements.Operations.Address);
        if (paid != Operations(settings))
        {
            Add($"{epoch.EpochId} pays operations as {SettlementRules.Shown(paid)}; by the settings recorded up to its end that would be {SettlementRules.Shown(Operations(settings))}, and the epoch after it will tell");
        }
    }

    private static Payee Operations(PoolSettings settings) => new(settings.OperationsName, settings.OperationsAddress);

    private readonly record struct Epochs(long Count, long First, long Last)
    {
        public Epochs With(long number) => Count == 0 ? new(1, number, number) : this with { Count = Count + 1, Last = number };

        public override string ToString() => Count == 1
            ? $"{EpochAccount.IdOf(First)} was"
            : string.Create(CultureInfo.InvariantCulture, $"{Count} epochs from {EpochAccount.IdOf(First)} to {EpochAccount.IdOf(Last)} were");
    }
}
