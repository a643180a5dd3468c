using SwarmPool.Core.Pool;

namespace SwarmPool.Core.Tests.Support;

/// <summary>What happens only in a pool that checks work: stories and recordings of others go without.</summary>
internal static class EventsOfChecks
{
    public static IReadOnlySet<Type> All { get; } = new HashSet<Type>
    {
        typeof(DrawOpened), typeof(ProofCommitted), typeof(RevealAsked), typeof(CheckAssigned), typeof(CheckPostponed), typeof(CheckEnded), typeof(CheckProved), typeof(CheckScored),
        typeof(ScoreJudged), typeof(LateRevealed), typeof(CheckDecided), typeof(WorkRefused),
    };

    /// <summary>What happens in every pool.</summary>
    public static IEnumerable<Type> Others => typeof(PoolEvent).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(PoolEvent)) && !All.Contains(type));
}
