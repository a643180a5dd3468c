using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Network;

namespace SwarmPool.Simulation;

/// <summary>What the seed wants of a run: who takes part, what goes wrong and when.</summary>
internal sealed class Plan
{
    public Plan(ulong seed)
    {
        Dice = new Dice(seed * 0xD1342543DE82EF95 + 1);
        Calm = seed == 0;
        Disorder = Calm ? 0 : Dice.Of([0, 0.1, 0.4]);
        Trouble = TimeSpan.FromSeconds(Calm ? 10 : Dice.Between(20, 70));
        Jobs = Calm ? 4 : Dice.Between(3, 9);
        Miners = Calm ? 2 : Dice.Between(2, 3);
        DaemonDeaths = Calm ? 0 : Dice.Between(0, 4);
        MinerDeaths = Calm ? 0 : Dice.Between(0, 2);
        Pauses = Calm ? 0 : Dice.Below(2);
        Cuts = Calm ? 0 : Dice.Below(3);
        Liars = !Calm && Dice.Chance(0.7);
        BackendFails = Calm ? 0 : Dice.Of([0, 0.1, 0.3]);
        LongestRun = Calm ? 2 : Dice.Of([1.0, 4.0, 20.0]);
        LeaseOutlivesCrash = Dice.Chance(0.5);
    }

    public Dice Dice { get; }

    public bool Calm { get; }

    /// <summary>How often the pump takes another step than the oldest.</summary>
    public double Disorder { get; }

    /// <summary>How long things go wrong; afterwards the network is fair and nobody dies.</summary>
    public TimeSpan Trouble { get; }

    public int Jobs { get; }

    public int Miners { get; }

    public int DaemonDeaths { get; }

    public int MinerDeaths { get; }

    public int Pauses { get; }

    public int Cuts { get; }

    public bool Liars { get; }

    public double BackendFails { get; }

    public double LongestRun { get; }

    /// <summary>A lease that has to run out, as over a network; else it ends with its process, as a file's lock does.</summary>
    public bool LeaseOutlivesCrash { get; }

    public static Weather NextWeather(Dice dice) => dice.Below(3) switch
    {
        0 => Weather.Fair,
        1 => new Weather(0.1, 0.1, 0.1, 0.02, 0.02),
        _ => new Weather(0.35, 0.2, 0.3, 0.1, 0.15),
    };
}
