using SwarmPool.Identity;
using SwarmPool.Programs.Reporting;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Reader;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Miner;

/// <summary>What a pool has signed about itself and one of its miners.</summary>
/// <param name="View">The pool's state.</param>
/// <param name="Miner">The miner asked for; null when none was.</param>
/// <param name="Registration">Its registration; null when the pool does not know it.</param>
/// <param name="AtWork">The jobs it holds.</param>
/// <param name="WaitingForIt">Jobs that wait and that it could do, by what it registered.</param>
/// <param name="NoWork">Why it has no work; null when it has some.</param>
public sealed record MinerStatus(
    PoolView View, EnsName? Miner, MinerStateItem? Registration, IReadOnlyList<Cid> AtWork, int WaitingForIt, string? NoWork)
{
    /// <summary>What the pool has published of the checked work of whom this miner's name pays, a model each; null where the pool checks no work, or nothing is known.</summary>
    public IReadOnlyList<TrustItem>? Checks { get; init; }

    /// <summary>Reads it from what the pool publishes.</summary>
    public static async Task<MinerStatus> ReadAsync(PoolReader reader, EnsName? miner, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(time);
        var view = await reader.ReadAsync(patience, cancellationToken);
        if (miner is not { } name)
        {
            return new MinerStatus(view, null, null, [], 0, null);
        }

        MinerStateItem? registration = null;
        await foreach (var item in reader.ReadMinersAsync(view, cancellationToken))
        {
            registration = item.Miner == name ? item : registration;
        }

        var atWork = new List<Cid>();
        await foreach (var claim in reader.ReadClaimedAsync(view, cancellationToken))
        {
            if (claim.Miner == name)
            {
                atWork.Add(claim.JobCid);
            }
        }

        var (waiting, unfit) = (0, 0);
        await foreach (var job in reader.ReadPendingAsync(view, cancellationToken))
        {
            var model = job.PackCid?.ToString() ?? job.Model;
            if (registration?.Models.Contains(model, StringComparer.Ordinal) == true)
            {
                var offer = registration.Offers?.FirstOrDefault(one => one.Model == model);
                var fits = OfferFit.Meets(job.Needs, offer) && OfferFit.Pays(job.Reward, offer);
                (waiting, unfit) = fits ? (waiting + 1, unfit) : (waiting, unfit + 1);
            }
        }

        return new MinerStatus(view, miner, registration, atWork, waiting, Why(view.State, registration, atWork.Count, waiting, unfit, time))
        {
            Checks = view.State.Trust is null ? null : await ChecksAsync(reader, view, name, cancellationToken),
        };
    }

    private static async Task<IReadOnlyList<TrustItem>?> ChecksAsync(PoolReader reader, PoolView view, EnsName miner, CancellationToken cancellationToken)
    {
        if (await reader.PayeeAsync(miner, cancellationToken) is not { } payee)
        {
            return null;
        }

        var found = new List<TrustItem>();
        await foreach (var item in reader.ReadTrustAsync(view, cancellationToken))
        {
            if (item.Address == payee)
            {
                found.Add(item);
            }
        }

        return found.Count == 0 ? null : found;
    }

    private static string? Why(PoolStateSnapshot state, MinerStateItem? registration, int atWork, int waiting, int unfit, TimeProvider time)
    {
        if (registration is null)
        {
            return "the pool does not know this miner: start 'swarm-miner mine', which registers it";
        }

        var wait = DateTimeOffset.FromUnixTimeMilliseconds(registration.CoolDownUntil) - time.GetUtcNow();
        return atWork > 0 ? null
            : wait > TimeSpan.Zero ? $"claims of this miner lapsed; it may claim again in {wait.TotalSeconds:0} s"
            : waiting > 0 && registration.Standing?.Any(one => one.PauseUntil > time.GetUtcNow().ToUnixTimeMilliseconds()) == true
                ? $"{Counted.Of(waiting, "job")} for its models; it waits with the clients whose jobs it did not do"
            : waiting > 0 ? $"{Counted.Of(waiting, "job")} for its models, but it does not claim: check that 'swarm-miner mine' runs"
            : unfit > 0 ? $"{Counted.Of(unfit, "job")} for its models, but they ask for more than it registered, or pay less than its min_price"
            : state.PendingCount > 0 ? $"jobs that wait: {state.PendingCount}, none of them for {string.Join(", ", registration.Models)}"
            : "no job waits";
    }
}
