namespace SwarmPool.Tools.Adversaries;

/// <summary>How an adversary behaves. Whoever isn't one answers rightly, checks honestly and shows what it committed to.</summary>
/// <param name="Name">For the table.</param>
internal sealed record Adversary(string Name)
{
    /// <summary>How often it answers wrongly, of a million jobs, once it has answered rightly <see cref="Builds"/> times.</summary>
    public int LiesPpm { get; init; }

    /// <summary>Right answers that it gives first.</summary>
    public int Builds { get; init; }

    /// <summary>After how many jobs it leaves with what it has; what is held then is paid if nobody finds it wrong until then.</summary>
    public int Horizon { get; init; } = 500;

    /// <summary>Its jobs in an epoch: what is held follows from it.</summary>
    public int JobsAnEpoch { get; init; } = 100;

    /// <summary>Miners of other names that are paid where it is.</summary>
    public int SamePayee { get; init; }

    /// <summary>Miners, paid elsewhere, that confirm its wrong answers.</summary>
    public int Accomplices { get; init; }

    /// <summary>Whether it comes back as another payee when it is caught, or leaves.</summary>
    public bool RenamesItself { get; init; }

    /// <summary>Whether it shows nothing of what it committed to when it has to wait, which tells it that it is checked.</summary>
    public bool Withholds { get; init; }

    /// <summary>Whether it takes part in jobs of two replicas, and says what the other committed to.</summary>
    public bool Copies { get; init; }

    /// <summary>Whether it claims jobs and gives them back at once.</summary>
    public bool FailsFast { get; init; }

    /// <summary>What it does when it is asked to check; as an executor it is honest then.</summary>
    public CheckerKind Checker { get; init; }

    /// <summary>Whether answers are scored in one pass and not run again: those of generated tokens.</summary>
    public bool IsScored { get; init; }

    /// <summary>Whether a policy's numbers make a difference for it: the least share that is drawn matters to those who wait until it is their share.</summary>
    public bool IsPlayedWith(Policy policy) => !policy.IsVariant || LiesPpm is > 0 and < 1_000_000 || Builds > 0 || Name == "honest pool";

    public static IReadOnlyList<Adversary> All { get; } =
    [
        new("honest pool"),
        new("honest pool, tokens") { IsScored = true },
        new("always lies") { LiesPpm = 1_000_000 },
        new("lies in 10 %") { LiesPpm = 100_000 },
        new("lies in 5 %") { LiesPpm = 50_000 },
        new("lies in 1 %") { LiesPpm = 10_000 },
        new("trust builder: 1,000 right, then lies") { LiesPpm = 1_000_000, Builds = 1_000, Horizon = 1_100 },
        new("the same, leaves after 10 lies") { LiesPpm = 1_000_000, Builds = 1_000, Horizon = 1_010 },
        new("the same, one job an epoch") { LiesPpm = 1_000_000, Builds = 1_000, Horizon = 1_010, JobsAnEpoch = 1 },
        new("copycat in replicas of two") { Copies = true },
        new("always lies, two names of one payee") { LiesPpm = 1_000_000, SamePayee = 1 },
        new("colluding pair of ten") { LiesPpm = 1_000_000, Accomplices = 1 },
        new("withholder") { LiesPpm = 1_000_000, Withholds = true },
        new("hundred fresh names") { LiesPpm = 1_000_000, RenamesItself = true },
        new("lazy checker") { Checker = CheckerKind.Lazy },
        new("slandering checker") { Checker = CheckerKind.Slanders },
        new("fast failer") { FailsFast = true },
        new("other weights, every answer, tokens") { LiesPpm = 1_000_000, IsScored = true },
        new("other weights, 10 %, tokens") { LiesPpm = 100_000, IsScored = true },
    ];
}

/// <summary>What it does when it is asked to check.</summary>
internal enum CheckerKind
{
    /// <summary>Runs the job.</summary>
    Honest = 0,

    /// <summary>Says something without running it: it can't know what the executor committed to. Of tokens: that they pass.</summary>
    Lazy,

    /// <summary>Says something else, to have the executor struck.</summary>
    Slanders,
}
