using System.Runtime.CompilerServices;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Auditing.Mutation;

/// <summary>One lie.</summary>
/// <param name="Context">Of what: the kind of input, a message's type, or "epoch".</param>
/// <param name="Field">The field that is changed, or what is done with the whole record.</param>
/// <param name="How">How.</param>
/// <param name="Step">The step of the true story that it is told at.</param>
/// <param name="Tell">Tells the story with it.</param>
internal sealed record Mutant(string Context, string Field, string How, int Step, Func<Task<Operator>> Tell)
{
    public string Kind => $"{Context} {Field} {How}";
}

/// <summary>All lies about a story: each field of each record and of each epoch, and whole records.</summary>
/// <param name="truth">The story.</param>
internal sealed class Mutants(Operator truth)
{
    private readonly List<PoolRecord> steps = truth.Records;
    private readonly Fields fields = Learned(truth.Records);

    /// <summary>What can be told in a record.</summary>
    public static IReadOnlySet<string> KnownFields()
    {
        var inputs = typeof(PoolInput).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(PoolInput)));
        var events = typeof(PoolEvent).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(PoolEvent)));
        var messages = typeof(Snapshot).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Snapshot)) && !type.IsAbstract && IsDecided(type));
        HashSet<Type> done = [];
        return new[] { typeof(PoolRecord), typeof(EpochSnapshot) }.Concat(inputs).Concat(events).Concat(messages).SelectMany(type => Fields.Known(type, done)).ToHashSet(StringComparer.Ordinal);
    }

    public IEnumerable<Mutant> All()
    {
        for (var i = 0; i < steps.Count && steps[i].Sequence <= truth.Covered; i++)
        {
            foreach (var mutant in OfRecord(i).Concat(OfPlace(i)))
            {
                yield return mutant;
            }
        }

        foreach (var mutant in Enumerable.Range(1, truth.Epochs.Count).SelectMany(OfEpoch))
        {
            yield return mutant;
        }
    }

    private static Fields Learned(IEnumerable<PoolRecord> records)
    {
        var learned = new Fields();
        foreach (var record in records)
        {
            learned.Learn(record);
        }

        return learned;
    }

    // The rules refuse to look at a message of a type that is not for them.
    private static bool IsDecided(Type type)
    {
        try
        {
            var nothing = new SignedSnapshot((Snapshot)RuntimeHelpers.GetUninitializedObject(type), [], default);
            return PoolMachine.Decide(new PoolState(), new MessageInput(nothing), PoolFacts.None, 0) is not null;
        }
        catch (InvalidOperationException none) when (none.Message.StartsWith("No rule decides", StringComparison.Ordinal))
        {
            return false;
        }
        catch (Exception e) when (e is NullReferenceException or KeyNotFoundException or InvalidOperationException or ArgumentNullException)
        {
            return true;
        }
    }

    private IEnumerable<Mutant> OfRecord(int step)
    {
        var record = steps[step];
        foreach (var one in fields.Change(record))
        {
            var changed = (PoolRecord)one.Value!;
            if (changed.Sequence != record.Sequence)
            {
                // Its place is written by whoever publishes, who could not read it back himself: so it is written last.
                if (record.Sequence > truth.CoveredBefore)
                {
                    yield return new Mutant(ContextOf(step), one.Field, one.How, step, () => truth.RewriteAsync(record.Sequence, _ => changed));
                }

                continue;
            }

            var isEvent = !ReferenceEquals(changed.Events, record.Events);
            yield return Of(step, one.Field, one.How, new FieldChange(record, changed, isEvent));
        }
    }

    private IEnumerable<Mutant> OfPlace(int step)
    {
        yield return new Mutant(ContextOf(step), "record", "left out", step, () => TellAsync(i => i == step ? [] : [steps[i]]));
        yield return new Mutant(ContextOf(step), "record", "told twice", step, () => TellAsync(i => [steps[i]], (step, new Repetition()), again: true));
        if (steps[step].Input is not MessageInput { Snapshot.Body: { } body })
        {
            yield break;
        }

        yield return new Mutant(ContextOf(step), "record", "signed by another", step, () => SignedByAnotherAsync(step, body));
        if (body is ClaimSnapshot claim)
        {
            yield return new Mutant(ContextOf(step), "record", "after a claim of the thief's", step, async () => await FirstAsync(step, claim, prove: true));
            yield return new Mutant(ContextOf(step), "record", "an epoch's end before it", step, () => TellAsync(
                i => i == step ? [Own(step, new EpochEndInput()), Own(step, new SettledInput(0)), Own(step, new SealedInput(0, default)), steps[i]] : [steps[i]]));
        }

        if (body is HeartbeatSnapshot or ProofSnapshot or ReleaseSnapshot)
        {
            yield return new Mutant(ContextOf(step), "record", "a pause before it", step, () => TellAsync(i => i == step ? [Own(step, new ResumedInput()), steps[i]] : [steps[i]]));
        }

        if (body is ProofSnapshot proof)
        {
            yield return new Mutant(ContextOf(step), "record", "with a replica of the thief's", step, async () => await ReplicaAsync(step, proof));
        }
    }

    private IEnumerable<Mutant> OfEpoch(int number)
    {
        var epoch = Published(number);
        foreach (var one in fields.Change(epoch))
        {
            yield return new Mutant(number == truth.Epochs.Count ? "last epoch" : "epoch", one.Field, one.How, number, () => TellAsync(i => [steps[i]], change: new EpochChange(number, (_, _) => (EpochSnapshot)one.Value!)));
        }
    }

    private EpochSnapshot Published(int number)
    {
        Assert.True(SnapshotCodec.TryDecode(truth.Net.Content[truth.Epochs[number - 1]], out var signed, out var refusal), refusal?.ToString());
        return (EpochSnapshot)signed.Body;
    }

    private Mutant Of(int step, string field, string how, IRecordChange change) =>
        new(ContextOf(step), field, how, step, () => TellAsync(i => [steps[i]], (step, change)));

    private string ContextOf(int step) => steps[step].Input switch
    {
        MessageInput message => message.Snapshot.Body.Type,
        StartedInput => step == 0 ? "started" : "restarted",
        var other => other!.GetType().Name.Replace("Input", "", StringComparison.Ordinal).ToLowerInvariant(),
    };

    private async Task<Operator> TellAsync(Func<int, IReadOnlyList<PoolRecord>> told, (int Step, IRecordChange Change)? at = null, IEpochChange? change = null, bool again = false)
    {
        var teller = new Operator();
        for (var i = 0; i < steps.Count; i++)
        {
            var step = at?.Step == i ? at.Value.Change : null;
            foreach (var record in told(i))
            {
                await teller.TellAsync(record, again ? null : step ?? change);
                if (again && step is not null)
                {
                    await teller.TellAsync(record, step);
                }
            }
        }

        await teller.FinishAsync();
        return teller;
    }

    /// <summary>The thief signs it with a key of his own, and the pool says that this is an account of the name's.</summary>
    private async Task<Operator> SignedByAnotherAsync(int step, Snapshot body)
    {
        var signed = await TestNetwork.SignAsync(body, Thief.Name);
        var facts = steps[step].Facts;
        var forged = steps[step] with { Input = new MessageInput(signed), Facts = facts with { Signer = facts.Signer! with { Account = TestKeys.Of(Thief.Name).Address, ByContract = null } } };
        return await TellAsync(i => [i == step ? forged : steps[i]], (step, new Repetition()));
    }

    /// <summary>The thief's own miner is first, and does the work.</summary>
    private async Task<Operator> FirstAsync(int step, ClaimSnapshot claim, bool prove)
    {
        var teller = new Operator();
        for (var i = 0; i < steps.Count; i++)
        {
            if (i == step)
            {
                await Thief.JoinAsync(teller, steps[i].At);
                await Thief.ClaimAsync(teller, steps[i].At, claim.JobCid, claim.Attempt);
                if (prove)
                {
                    await Thief.ProveAsync(teller, steps[i].At, claim.JobCid, claim.Attempt);
                }
            }

            await teller.TellAsync(steps[i]);
        }

        await teller.FinishAsync();
        return teller;
    }

    /// <summary>The verdict asks for a replica, and the thief's own miner does it: half of the pay is his.</summary>
    private async Task<Operator> ReplicaAsync(int step, ProofSnapshot proof)
    {
        var teller = new Operator();
        for (var i = 0; i < steps.Count; i++)
        {
            if (i != step)
            {
                await teller.TellAsync(steps[i]);
                continue;
            }

            var facts = steps[i].Facts;
            var events = steps[i].Events.Where(static one => one is not JobDecided).Prepend(new ReplicaAdded(proof.JobCid)).ToList();
            var asks = steps[i] with { Facts = facts with { Verdict = facts.Verdict! with { NeedReplica = true } }, Events = events };
            await Thief.JoinAsync(teller, steps[i].At);
            await teller.TellAsync(asks, new Repetition());
            await Thief.ClaimAsync(teller, steps[i].At, proof.JobCid, proof.Attempt);
            await Thief.ProveAsync(teller, steps[i].At, proof.JobCid, proof.Attempt, proof.OutputCid, facts.Verdict.Verifier);
        }

        await teller.FinishAsync();
        return teller;
    }

    private PoolRecord Own(int step, PoolInput input) => new(0, steps[step].At, 0, input, PoolFacts.None, []);
}
