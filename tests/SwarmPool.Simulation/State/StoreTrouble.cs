using SwarmPool.Simulation.Engine;

namespace SwarmPool.Simulation.State;

/// <summary>What may become of an append between a daemon and the store.</summary>
internal enum Stall
{
    None = 0,

    /// <summary>It arrives after its lease has run out.</summary>
    ArrivesLate,

    /// <summary>It is written, and the answer comes after the lease has run out.</summary>
    AnsweredLate,

    /// <summary>It is written, and the answer is an error.</summary>
    Ambiguous,
}

/// <summary>The way to the store, as the seed wants it: appends that take longer than the lease, and times in which nobody reaches it.</summary>
internal sealed class StoreTrouble(Pump pump, SimProcess store, Dice dice, Plan plan, Func<bool> isTroubled)
{
    private int stalls = plan.Stalls;
    private long downUntil;

    /// <summary>Where what is on its way arrives: it does so even when its sender has died.</summary>
    public SimProcess Store => store;

    public bool IsDown => downUntil > pump.Now;

    /// <summary>Whether a daemon may end because of it.</summary>
    public bool IsPlanned => plan.Stalls + plan.Outages > 0;

    public void GoDown(TimeSpan time) => downUntil = pump.Now + time.Ticks;

    public Stall Next()
    {
        if (stalls == 0 || !isTroubled() || !dice.Chance(0.02))
        {
            return Stall.None;
        }

        stalls--;
        return dice.Of([Stall.ArrivesLate, Stall.AnsweredLate, Stall.Ambiguous]);
    }

    /// <summary>Longer than a lease, more or less.</summary>
    public TimeSpan Length() => plan.Lease * (dice.Below(80) + 90) / 100;
}
