using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Simulation.Bugs;

/// <summary>A pool's time that is the machine's own, whatever the pool says.</summary>
internal sealed class OwnClock(TimeProvider time) : PoolClock(time)
{
    private readonly TimeProvider own = time;

    public override long NowMs => own.GetUtcNow().ToUnixTimeMilliseconds();
}
