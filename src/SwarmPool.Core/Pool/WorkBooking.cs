using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Core.Pool;

/// <summary>Books decided work by payee and model, and takes it back: by what the payee has, without looking at its jobs again.</summary>
internal static class WorkBooking
{
    /// <summary>A job was decided.</summary>
    public static void Book(IDecidedWork work, EnsName client, string model, IReadOnlyList<PaidPart> parts)
    {
        List<EthAddress> payees = [.. parts.Select(static part => part.Payee).Distinct().Order()];
        foreach (var part in parts)
        {
            var share = ShareOf(work, part.Payee, model);
            share.Proofs++;
            share.Clients[client.Text] = share.Clients.GetValueOrDefault(client.Text) + part.Price.Micro;
        }

        Count(work, payees, model, 1);
    }

    /// <summary>All work of a payee with a model is struck.</summary>
    /// <returns>Whether there was any.</returns>
    public static bool Strike(IDecidedWork work, EthAddress payee, string model)
    {
        if (work.Work is null || !work.Work.Remove(WorkShare.KeyOf(payee, model), out var share))
        {
            return false;
        }

        work.Proofs -= share.Proofs;
        work.Jobs -= share.Jobs;
        foreach (var (client, micro) in share.Clients)
        {
            work.Volume -= Usdc.FromMicro(micro);
            if ((work.Owed![client] -= micro) == 0)
            {
                work.Owed.Remove(client);
            }
        }

        foreach (var key in (work.Joint?.Keys ?? Enumerable.Empty<string>()).Where(key => JointJobs.IsOf(key, model)).ToList())
        {
            var payees = JointJobs.PayeesOf(key);
            if (payees.Remove(payee) && work.Joint!.Remove(key, out var jobs))
            {
                Count(work, payees, model, jobs);
            }
        }

        return true;
    }

    /// <summary>Adds what was decided in one to another, by clients: whatever is added is struck no longer.</summary>
    public static void Add(IDecidedWork to, IDecidedWork from)
    {
        to.Jobs += from.Jobs;
        to.Proofs += from.Proofs;
        to.Volume += from.Volume;
        foreach (var (client, micro) in from.Owed ?? [])
        {
            to.Owed ??= [];
            to.Owed[client] = to.Owed.GetValueOrDefault(client) + micro;
        }
    }

    // Who did a job alone answers for it alone.
    private static void Count(IDecidedWork work, List<EthAddress> payees, string model, long jobs)
    {
        if (payees.Count == 1)
        {
            ShareOf(work, payees[0], model).Jobs += jobs;
        }
        else if (payees.Count > 1)
        {
            var key = JointJobs.KeyOf(payees, model);
            work.Joint ??= [];
            work.Joint[key] = work.Joint.GetValueOrDefault(key) + jobs;
        }
    }

    private static WorkShare ShareOf(IDecidedWork work, EthAddress payee, string model)
    {
        work.Work ??= [];
        var key = WorkShare.KeyOf(payee, model);
        if (!work.Work.TryGetValue(key, out var share))
        {
            work.Work.Add(key, share = WorkShare.Empty());
        }

        return share;
    }
}
