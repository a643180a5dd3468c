using System.Globalization;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>
/// Which miners could do a job: by the model, by what the job asks for beside it, and by what they ask for it. Nothing that was recorded before
/// jobs asked and miners said is decided otherwise, so these are no new rules.
/// </summary>
internal static class MatchingRules
{
    /// <summary>How many of the registered miners could do such a job, and what of it the others lack.</summary>
    public static Supply Of(PoolState state, JobWants wants)
    {
        var supply = default(Supply);
        if (state.Miners.Having(wants.Model) is not { } miners)
        {
            return supply;
        }

        foreach (var (kind, group) in miners.Groups)
        {
            var (memory, context, numeric) = wants.Needs is { } needs
                ? (OfferFit.Memory(needs, kind.MemoryBytes), OfferFit.Context(needs, kind.ContextTokens), OfferFit.Class(needs, kind.Device, kind.Precision, kind.Runtime))
                : (true, true, true);
            var pays = wants.Price.Micro >= kind.MinPriceMicro;
            supply.Have += group.Count;
            supply.Memory += memory ? group.Count : 0;
            supply.Context += context ? group.Count : 0;
            supply.Class += numeric ? group.Count : 0;
            supply.AskMore += pays ? 0 : group.Count;
            if (memory && context && numeric && pays)
            {
                supply.Add(group, wants.Needs?.OutputTokens ?? 1);
            }
        }

        return supply;
    }

    /// <summary>Why a miner that has the model can't have the job; null when it can.</summary>
    public static Decision? Against(JobEntry job, MinerEntry miner)
    {
        var offer = miner.OfferOf(job.Wanted);
        if (!OfferFit.Meets(job.Needs, offer))
        {
            return Decision.Refuse(ErrorCodes.NeedsNotMet, $"The job asks for {NeedsText.Of(job.Needs!)}; {miner.Name} registered {NeedsText.Of(offer)} for {job.Model}.");
        }

        return OfferFit.Pays(job.Price, offer)
            ? null
            : Decision.Refuse(ErrorCodes.PriceNotMet, $"The job pays {job.Price} USDC; {miner.Name} registered that it takes none of {job.Model} for less than {offer!.MinPrice}.");
    }

    /// <summary>The refusal of a job that would only expire: each miner that could do it has measured how long it takes, and none is fast enough. Without a miner it waits.</summary>
    public static Decision? TooSoon(Supply supply, string model, long leftMs) => supply.Fit > 0 && supply.Measured == supply.Fit && supply.LeastMs > leftMs
        ? Decision.Refuse(
            ErrorCodes.DeadlineTooSoon,
            string.Create(CultureInfo.InvariantCulture, $"The deadline is in {leftMs / 1000.0:0.###} s; the fastest of the {supply.Fit} miners that could do it needs {supply.LeastMs / 1000.0:0.###} s with {model}. Give it more than {(supply.LeastMs + 999) / 1000} s."))
        : null;

    /// <summary>The refusal of a proof that names another class than the job asks for; null when it names that one, or the job asks for none.</summary>
    public static Decision? WrongClass(JobEntry job, ProofSnapshot proof) =>
        job.Needs is not { } needs || OfferFit.Class(needs, proof.Metrics.Device, proof.Metrics.Precision, proof.Metrics.Runtime)
            ? null
            : Decision.Refuse(
                ErrorCodes.WrongClass,
                $"The job asks for {NeedsText.Of(new JobNeeds { Device = needs.Device, Precision = needs.Precision, Runtime = needs.Runtime })}; the proof names the device {proof.Metrics.Device}, the precision {proof.Metrics.Precision} and the runtime {proof.Metrics.Runtime}.");
}

/// <summary>What a miner has to have, and to be content with, to do a job.</summary>
/// <param name="Model">The model, or the CID of the pack that it was bound to.</param>
/// <param name="Needs">What it asks for beside; null: nothing.</param>
/// <param name="Price">What it pays.</param>
internal readonly record struct JobWants(string Model, JobNeeds? Needs, Usdc Price)
{
    public static JobWants Of(JobEntry job) => new(job.Wanted, job.Needs, job.Price);

    /// <summary>Whether the miner could do it.</summary>
    public bool FitsTo(MinerEntry miner) =>
        miner.Models.Contains(Model, StringComparer.Ordinal) && miner.OfferOf(Model) is var offer && OfferFit.Meets(Needs, offer) && OfferFit.Pays(Price, offer);
}

/// <summary>How many registered miners could do a job.</summary>
internal struct Supply
{
    /// <summary>Miners that have the model.</summary>
    public int Have { get; set; }

    /// <summary>Of those, that have the memory; the context; the class; all of them where the job asks for none.</summary>
    public int Memory { get; set; }

    public int Context { get; set; }

    public int Class { get; set; }

    /// <summary>Of those that have the model, that ask more than the job pays.</summary>
    public int AskMore { get; set; }

    /// <summary>That could do it.</summary>
    public int Fit { get; private set; }

    /// <summary>Of those that fit, that have measured how fast they are, and that have measured how long a job takes.</summary>
    public int Measured { get; private set; }

    public int Timed { get; private set; }

    /// <summary>Jobs that the timed ones do in <see cref="OfferGroup.RateUnit"/> ms.</summary>
    public long Throughput { get; private set; }

    /// <summary>What the fastest of the measured needs at least, ms; null when nobody measured.</summary>
    public long? LeastMs { get; private set; }

    public void Add(OfferGroup group, int outputTokens)
    {
        Fit += group.Count;
        Measured += group.Measured;
        Timed += group.Timed;
        Throughput += group.Throughput;
        if (group.LeastMs(outputTokens) is { } ms)
        {
            LeastMs = Math.Min(LeastMs ?? long.MaxValue, ms);
        }
    }

    /// <summary>The counts as they are published; null when they say no more than how many have the model.</summary>
    public readonly JobMatch? Match(JobNeeds? needs) => Have == 0 || (needs is null && AskMore == 0) ? null : new JobMatch(Have)
    {
        Memory = needs?.MemoryBytes is null ? null : Memory,
        Context = needs?.ContextTokens is null ? null : Context,
        Class = needs is not null && OfferFit.AsksClass(needs) ? Class : null,
        AskMore = AskMore == 0 ? null : AskMore,
    };
}
