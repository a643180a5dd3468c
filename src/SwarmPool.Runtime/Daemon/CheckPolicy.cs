using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Settlement;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Daemon;

/// <summary>How a pool checks work, in words that its operator can hold the numbers against.</summary>
/// <param name="IsOn">Whether it does.</param>
/// <param name="Verifier">The verifier's name.</param>
/// <param name="Text">The policy, in one line.</param>
/// <param name="Condition">When cheating loses, in one line; without checks, what that means.</param>
public sealed record CheckPolicy(bool IsOn, string Verifier, string Text, string Condition)
{
    internal static CheckPolicy Of(PoolSettings settings, IProofVerifier verifier) => settings.Checks is { } checks
        ? new(true, verifier.Name, Words(checks), Deterrence(checks, settings.MinMinerStake))
        : new(false, verifier.Name, $"none; the verifier is {verifier.Name}", verifier.Name == VerdictFact.BuiltIn
            ? $"{verifier.Name} pays for any answer: whoever sends anything in time is paid like a model. Set \"checks\": {{ \"on\": true }}, or use another verifier."
            : $"wrong answers are found by {verifier.Name} alone, and what was paid before stays paid.");

    private static string Words(CheckSettings checks) => string.Create(
        CultureInfo.InvariantCulture,
        $"a payee's first {checks.NewcomerJobs} jobs of a model, then at least {Percent(checks.LeastPpm)} of them; work is held for {checks.HoldEpochs} epochs; a check is worth {Percent(checks.FeePpm)} of the price");

    private static string Deterrence(CheckSettings checks, Usdc stake)
    {
        var sure = (long)checks.LeastPpm * checks.DetectionPpm / 1_000_000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"cheating loses where share × found × (held + stake) > price: with {Percent(checks.LeastPpm)} checked, {Percent(checks.DetectionPpm)} of the wrong found and a stake of {stake} USDC, a job may cost {Percent(sure)} of what is held and staked; a dearer one is checked more often, up to always.");
    }

    private static string Percent(long ppm) => string.Create(CultureInfo.InvariantCulture, $"{ppm / 10_000m:0.####} %");
}
