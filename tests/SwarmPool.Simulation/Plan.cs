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
        Runs = Calm ? (0.1, 2) : Dice.Of([(0.1, 1.0), (0.1, 4.0), (0.1, 20.0), (10.0, 30.0)]);
        LeaseOutlivesCrash = Dice.Chance(0.5);

        // Drawn apart, so that a schedule without standbys is what it was before there were any.
        var standing = new Dice(seed * 0xD1342543DE82EF95 + 2);
        Standbys = Calm ? 0 : standing.Of([0, 1, 1, 2]);
        Lease = TimeSpan.FromSeconds(Standbys == 0 ? 10 : standing.Of([2, 4, 10]));
        Stalls = Standbys == 0 ? 0 : standing.Below(4);
        Outages = Standbys == 0 ? 0 : standing.Below(2);
        StoreDice = standing.Fork();

        var strangers = new Dice(seed * 0xD1342543DE82EF95 + 3);
        Griefers = Calm ? 0 : strangers.Of([0, 0, 1, 2, 4]);

        ClockDice = new Dice(seed * 0xD1342543DE82EF95 + 4);
        Jumps = Calm ? 0 : ClockDice.Below(4);
    }

    public Dice Dice { get; }

    public bool Calm { get; }

    /// <summary>How often the pump takes another step than the oldest.</summary>
    public double Disorder { get; init; }

    /// <summary>How long things go wrong; afterwards the network is fair and nobody dies.</summary>
    public TimeSpan Trouble { get; init; }

    public int Jobs { get; init; }

    public int Miners { get; init; }

    public int DaemonDeaths { get; init; }

    public int MinerDeaths { get; init; }

    public int Pauses { get; init; }

    public int Cuts { get; init; }

    public bool Liars { get; init; }

    /// <summary>Whether they go on when the network is fair again.</summary>
    public bool LiarsGoOn { get; init; } = true;

    /// <summary>Free names that spoil what they can, as miners and as clients, to the end of the run.</summary>
    public int Griefers { get; init; }

    public double BackendFails { get; init; }

    /// <summary>How many seconds the backend takes, at least and at most; a claim that is not renewed lives for eight.</summary>
    public (double Least, double Most) Runs { get; init; }

    /// <summary>A lease that has to run out, as over a network; else it ends with its process, as a file's lock does.</summary>
    public bool LeaseOutlivesCrash { get; }

    /// <summary>Daemons beside the first; with any, all of them stand by while another leads.</summary>
    public int Standbys { get; init; }

    /// <summary>How long the lease on the journal lives without renewal.</summary>
    public TimeSpan Lease { get; init; }

    /// <summary>How often an append takes longer than the lease on its way to the store, or its answer does, or gets lost.</summary>
    public int Stalls { get; init; }

    /// <summary>When that is.</summary>
    public Dice StoreDice { get; }

    /// <summary>How often a daemon's clock jumps for a moment, shorter than it takes to believe it.</summary>
    public int Jumps { get; init; }

    /// <summary>When that is.</summary>
    public Dice ClockDice { get; }

    /// <summary>How often the store can't be reached for a while.</summary>
    public int Outages { get; init; }

    /// <summary>How many attempts a job has; in a schedule all that it may need, so that a patient job is always done.</summary>
    public int MaxAttempts { get; init; } = 20;

    /// <summary>Whether a job may be given up, patient or not, because its attempts are used up.</summary>
    public bool GivesUp => MaxAttempts < 20;

    public TimeSpan Epoch { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long the run goes on at the least, with nothing to do in the end.</summary>
    public TimeSpan Least { get; init; }

    /// <summary>Whether a client signs by a session key.</summary>
    public bool Sessions { get; init; }

    /// <summary>
    /// What a recording is made of: more of everything than a schedule has, jobs whose attempts are used up, a session key, and an hour
    /// at the end in which what is long over is forgotten.
    /// </summary>
    public static Plan OfRecording(ulong seed) => new(seed)
    {
        Disorder = 0.1,
        Trouble = TimeSpan.FromMinutes(10),
        Jobs = 120,
        Miners = 3,
        DaemonDeaths = 8,
        MinerDeaths = 4,
        Pauses = 10,
        Cuts = 4,
        Liars = true,
        LiarsGoOn = false,
        Griefers = 2,
        BackendFails = 0.25,
        Runs = (0.1, 6),
        Standbys = 1,
        Lease = TimeSpan.FromSeconds(20),
        Stalls = 2,
        Outages = 1,
        MaxAttempts = 2,
        Epoch = TimeSpan.FromMinutes(4),
        Least = TimeSpan.FromMinutes(74),
        Sessions = true,
    };

    public static Weather NextWeather(Dice dice) => dice.Below(3) switch
    {
        0 => Weather.Fair,
        1 => new Weather(0.1, 0.1, 0.1, 0.02, 0.02),
        _ => new Weather(0.35, 0.2, 0.3, 0.1, 0.15),
    };
}
