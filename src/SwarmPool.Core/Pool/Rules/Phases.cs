namespace SwarmPool.Core.Pool.Rules;

/// <summary>What a phase is called in a sentence.</summary>
internal static class Phases
{
    public static string Describe(JobPhase phase) => phase switch
    {
        JobPhase.Pending => "waiting for a miner",
        JobPhase.Claimed => "claimed",
        JobPhase.Completed => "completed",
        JobPhase.Failed => "failed",
        JobPhase.Expired => "expired",
        _ => "cancelled",
    };
}
