using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Checks;
using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Tools.Adversaries;

/// <summary>A pool's settings, as rules 3 have them.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Checks">What is checked; null: nothing, as with the verifier "hashes".</param>
/// <param name="IsVariant">Whether it differs from the default by numbers alone.</param>
internal sealed record Policy(string Name, CheckSettings? Checks, bool IsVariant = false)
{
    /// <summary>What a job pays, in micro-USDC.</summary>
    public const long Price = 100_000;

    public static IReadOnlyList<Policy> All { get; } =
    [
        new("default", new CheckSettings()),
        new("p_min 2 %", new CheckSettings { LeastPpm = 20_000 }, IsVariant: true),
        new("no checks", null),
    ];

    /// <summary>The pool's settings with it. They keep to the rules of settings, or the table would be of a pool that doesn't start.</summary>
    public PoolSettings Settings()
    {
        var settings = new PoolSettings
        {
            ClaimTimeoutMs = 300_000,
            MaxAttempts = 3,
            MaxAttemptMs = 3_600_000,
            MaxDeadlineMs = 604_800_000,
            MaxAmount = Usdc.FromMicro(10_000_000_000),
            ClaimsPerMiner = 1_000,
            CoolDownMs = 60_000,
            MinMinerStake = Usdc.Zero,
            JobsPerClient = 100_000,
            MaxJobs = 1_000_000,
            MaxMiners = 100_000,
            OperationsName = EnsName.Parse("pool.eth"),
            OperationsAddress = Names.Address(0),
            Rules = PoolSettings.NewestRules,
            Checks = Checks,
        };
        return CheckSettingRules.Problems(settings) is { Count: > 0 } problems ? throw new InvalidOperationException(string.Join("; ", problems)) : settings;
    }
}
