using System.Globalization;
using System.Text.Json;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// Settings are the pool's to change, and whoever audits is shown each change. What hangs on one is what jobs pay that ended while it was
/// in force, or were open when it was changed again; of where operations are paid, what they were paid there; of whom the policy declares, what
/// those were paid who were not declared before.
/// </summary>
/// <param name="list">Where remarks go.</param>
/// <remarks>Not thread-safe. Settings are compared as they are written, so that none can be forgotten here.</remarks>
internal sealed class SettingRemarks(RemarkList list)
{
    private readonly SortedDictionary<string, (RemarkList.Entry Remark, Int128 From)> inForce = new(StringComparer.Ordinal);
    private readonly Dictionary<Payee, RemarkList.Entry> paid = [];
    private readonly Dictionary<Payee, RemarkList.Entry> declared = [];

    /// <param name="started">A start.</param>
    /// <param name="record">Its record.</param>
    /// <param name="before">The settings before it; null before the first.</param>
    /// <param name="ended">What all jobs pay that have ended so far, in micro-USDC.</param>
    /// <param name="open">What all open jobs would pay.</param>
    public void Hear(PoolStarted started, long record, PoolSettings? before, Int128 ended, Int128 open)
    {
        if (before is null || before == started.Settings)
        {
            return;
        }

        var (old, now) = (Fields(before), Fields(started.Settings));
        foreach (var name in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var (from, to) = (old.GetValueOrDefault(name, "none"), now.GetValueOrDefault(name, "none"));
            if (from == to)
            {
                continue;
            }

            Settle(name, ended, open);
            var remark = list.Add(AuditRemarkKinds.Setting, record, string.Create(CultureInfo.InvariantCulture, $"{name} is {to} from here on; it was {from}"));
            if (name is "operations_name" or "operations_address")
            {
                paid[new Payee(started.Settings.OperationsName, started.Settings.OperationsAddress)] = remark;
            }
            else if (name is "payees")
            {
                foreach (var payee in (started.Settings.Payees ?? []).Except(before.Payees ?? []))
                {
                    declared[payee] = remark;
                }
            }
            else
            {
                inForce[name] = (remark, ended);
            }
        }
    }

    /// <summary>An epoch that was read.</summary>
    public void Hear(EpochSnapshot epoch)
    {
        var operations = epoch.Settlements.Operations;
        if (paid.TryGetValue(new Payee(operations.Miner, operations.Address), out var remark))
        {
            remark.Micro += operations.Amount.Micro;
        }

        foreach (var item in epoch.Settlements.Declared ?? [])
        {
            if (declared.TryGetValue(EpochItems.PayeeOf(item), out var added))
            {
                added.Micro += item.Amount.Micro;
            }
        }
    }

    /// <summary>Nothing more is read.</summary>
    public void End(Int128 ended, Int128 open)
    {
        foreach (var name in inForce.Keys.ToList())
        {
            Settle(name, ended, open);
        }
    }

    private void Settle(string name, Int128 ended, Int128 open)
    {
        if (inForce.Remove(name, out var one))
        {
            one.Remark.Micro += ended - one.From + open;
        }
    }

    private static Dictionary<string, string> Fields(PoolSettings settings) => JsonSerializer.SerializeToElement(settings, PoolJson.Default.PoolSettings)
        .EnumerateObject().ToDictionary(static field => field.Name, field => field.Name == "payees" ? DeclaredPayouts.Shown(settings.Payees!) : field.Value.ToString(), StringComparer.Ordinal);
}
