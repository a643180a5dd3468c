namespace SwarmPool.Core.Pool;

/// <summary>What a client's jobs take up in the pool: those that are open, and those that are over and remembered.</summary>
/// <param name="Open">Jobs that are pending or claimed.</param>
/// <param name="Held">All jobs, the remembered ones too.</param>
/// <param name="Unpaid">Those of them that nobody was paid for yet, or ever will be: open, cancelled, failed, expired.</param>
/// <param name="OpenMicro">What the open ones would pay, in micro-USDC.</param>
internal readonly record struct ClientLoad(int Open, int Held, int Unpaid, long OpenMicro)
{
    /// <summary>With a job more (1) or less (-1), as it is now.</summary>
    public ClientLoad With(JobEntry job, int by) => new(
        Open + (job.IsOpen ? by : 0),
        Held + by,
        Unpaid + (job.Phase == JobPhase.Completed ? 0 : by),
        OpenMicro + (job.IsOpen ? by * job.Price.Micro : 0));
}
