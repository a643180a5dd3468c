using SwarmPool.Core.Pool;
using SwarmPool.Identity;

namespace SwarmPool.Simulation.Checks;

/// <summary>What miners did for clients, counted anew from what the journal says and by nothing that the rules keep.</summary>
internal sealed class StandingOracle
{
    /// <summary>One job in so many is for whoever comes first.</summary>
    public const int NewcomersShare = 8;

    private const long LongestPauseMs = 3_600_000;
    private const long RecentMs = 3_600_000;

    private readonly Dictionary<(EnsName Miner, EnsName Client), PairModel> pairs = [];

    /// <summary>Who offers the model that all jobs of a run ask for.</summary>
    public HashSet<EnsName> Miners { get; } = [];

    public PairModel Of(EnsName miner, EnsName client) => pairs.GetValueOrDefault((miner, client)) ?? new PairModel();

    /// <summary>The miners that worked for the client lately and may claim its jobs.</summary>
    public IEnumerable<EnsName> Good(EnsName client, long at) => pairs
        .Where(pair => pair.Key.Client == client && pair.Value.IsGood && pair.Value.PauseUntil <= at && at - pair.Value.LastAt < RecentMs && Miners.Contains(pair.Key.Miner))
        .Select(pair => pair.Key.Miner);

    public void Register(MinerRegistered e)
    {
        if (e.Models.Contains(Parties.Cast.Model))
        {
            Miners.Add(e.Miner);
        }
        else
        {
            Miners.Remove(e.Miner);
        }
    }

    public void Work(EnsName miner, EnsName client, long at)
    {
        var pair = Known(miner, client);
        (pair.HasWorked, pair.Strikes, pair.PauseUntil, pair.LastAt) = (true, 0, 0, at);
    }

    /// <summary>Silence costs a pause at once, all else from the second time on; each in a row twice as long.</summary>
    public void Strike(EnsName miner, EnsName client, long at, long pauseMs, bool isSilence)
    {
        var pair = Known(miner, client);
        var doublings = pair.Strikes - (isSilence ? 0 : 1);
        pair.Strikes++;
        pair.LastAt = at;
        pair.PauseUntil = doublings < 0 ? pair.PauseUntil : Math.Max(pair.PauseUntil, at + Math.Min(pauseMs << Math.Min(doublings, 20), LongestPauseMs));
    }

    /// <summary>The job was at fault, not they.</summary>
    public void TakeBack(IReadOnlyList<EnsName> miners, EnsName client, long at)
    {
        foreach (var pair in miners.Select(miner => Known(miner, client)))
        {
            (pair.Strikes, pair.PauseUntil, pair.LastAt) = (Math.Max(0, pair.Strikes - 1), 0, at);
        }
    }

    private PairModel Known(EnsName miner, EnsName client)
    {
        if (!pairs.TryGetValue((miner, client), out var pair))
        {
            pairs.Add((miner, client), pair = new PairModel());
        }

        return pair;
    }
}
