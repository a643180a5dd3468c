using System.Text.Json;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Core.Tests.Golden;

/// <summary>What the golden journal of checks is made of (<c>rules-3-checks</c>): work that is checked, with all that can come of it.</summary>
public sealed class CheckStoryTests
{
    // Where it is to be written; CONTRIBUTING says when.
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SWARMPOOL_GOLDEN");

    [Fact]
    public async Task Everything_that_checks_bring_happens_in_a_new_one_and_its_audit_finds_nothing()
    {
        var bench = Tell();
        var happened = bench.Pool.Events.Select(static e => e.GetType()).ToHashSet();
        Assert.Empty(EventsOfChecks.All.Append(typeof(JobDecided)).Append(typeof(JobFailed)).Except(happened));

        var records = new List<JournalRecord>();
        foreach (var record in bench.Pool.Records)
        {
            records.Add(RecordCodec.Encode(record, records.Count == 0 ? JournalHead.Empty.Hash : records[^1].Hash));
        }

        var findings = new AuditFindings();
        var audit = new RecordAudit(new RecordReader(SignatureEngines.Best, findings), new PoolState(), JournalHead.Empty, findings);
        Assert.All(records, stored => Assert.NotNull(audit.Next(stored)));
        Assert.Empty(findings.Listed);
        Assert.InRange(records.Sum(static record => record.Body.Length + 1), 1, 300_000);
        if (Folder is not null)
        {
            var name = Path.Combine(Folder, GoldenJournal.NameOf(PoolMachine.CurrentRules, "-checks"));
            await using (var file = new FileStream($"{name}.ndjson", FileMode.CreateNew)) // One that is there stays as it is.
            {
                foreach (var record in records)
                {
                    await file.WriteAsync(record.Body);
                    file.WriteByte((byte)'\n');
                }
            }

            var facts = new GoldenFacts(records.Count, Convert.ToHexStringLower(records[^1].Hash.Span), StateHash.Of(bench.State), []);
            await File.WriteAllTextAsync($"{name}.json", JsonSerializer.Serialize(facts, GoldenJournal.Form) + "\n");
        }
    }

    /// <summary>A record that tells the secret without need is found; the epoch is not sealed yet when others may read it.</summary>
    [Fact]
    public void A_secret_in_a_record_that_does_not_need_it_is_found()
    {
        var bench = Tell();
        var claim = bench.Pool.Records.First(static record => record.Input is MessageInput { Snapshot.Body: CommitmentSnapshot } && record.Facts.Draw is null);
        var state = new PoolState();
        var findings = new AuditFindings();
        var previous = JournalHead.Empty;
        foreach (var record in bench.Pool.Records.TakeWhile(record => record.Sequence < claim.Sequence))
        {
            state.Apply(record.Sequence, record.At, record.Events);
            var stored = RecordCodec.Encode(record, previous.Hash);
            previous = new JournalHead(stored.Sequence, stored.Hash);
        }

        var audit = new RecordAudit(new RecordReader(SignatureEngines.Best, findings), state, previous, findings);
        audit.Next(RecordCodec.Encode(claim with { Facts = claim.Facts with { Draw = new DrawFact(CheckBench.Secret) } }, previous.Hash));
        Assert.Contains(findings.Listed, static one => one.ToString().Contains("secret", StringComparison.Ordinal));
    }

    private static CheckBench Tell()
    {
        var bench = new CheckBench(
            new CheckSettings
            {
                Kinds = [new CheckKind("text", CheckKinds.Score)],
                Calibrations = [new ScoreCalibration(Messages.Model, CheckBench.Class, CheckBench.Class, 3_000, new ScoreLimits(10_000, 950_000, 10_000), new ScoreLimits(100_000, 900_000, 100_000))],
            },
            static settings => settings with { ClaimsPerMiner = 2 });
        bench.Pool.Signs = true;
        var only = bench.Miner(1);
        var unchecked_ = bench.Job(check: JobChecks.Always);
        Bench.Accepted(bench.Commit(unchecked_, only, bench.Pool.Claim(unchecked_, only), "7"));
        var (liar, third) = (bench.Miner(2), bench.Miner(3));
        bench.Do(bench.Job(), only, static _ => "7");
        var job = bench.Job();
        bench.Do(job, liar, miner => miner == liar ? "0" : "7");
        bench.Do(job, only, static _ => "7");
        bench.Scored(only, static (_, score) => score);
        bench.Scored(liar, static (_, score) => score with { ExactWins = 1 });

        // Both others are busy; then one is free, and gives the check back.
        List<SwarmPool.Transport.Cid> held = [bench.Job(), bench.Job(), bench.Job(), bench.Job()];
        for (var i = 0; i < 4; i++)
        {
            bench.Pool.Claim(held[i], i < 2 ? liar : third);
        }

        var waits = bench.Job();
        var fence = bench.Pool.Claim(waits, only);
        Bench.Accepted(bench.Commit(waits, only, fence, "7"));
        Bench.Accepted(bench.Pool.Send(bench.Pool.Messages.Release(held[3], third, bench.State.Jobs[held[3]].Leases[0].Fence)));
        bench.Pool.Pass(7_500);
        Bench.Accepted(bench.Pool.Send(bench.Pool.Messages.Release(waits, third, bench.ChecksOf(waits).Single().Fence)));
        bench.Pool.Pass(600_000);
        bench.Finish(waits, static _ => "7");
        foreach (var open in held)
        {
            bench.Pool.Pass(60_000);
            Assert.True(bench.State.Jobs[open].IsOpen);
        }

        // Kept back, done by others, and shown late. One answer of two tells nothing: the job goes back.
        var kept = bench.Job(replicas: 2);
        fence = bench.Pool.Claim(kept, only);
        Bench.Accepted(bench.Commit(kept, only, fence, "7"));
        var proof = bench.Proof(kept, only, fence, "7");
        Bench.Accepted(bench.Commit(kept, third, bench.Pool.Claim(kept, third), "7"));
        bench.Finish(kept, static _ => "7", except: only);
        bench.Pool.Pass(30_000);
        bench.Pool.Pass(60_000);
        foreach (var other in new[] { liar, third })
        {
            Bench.Accepted(bench.Commit(kept, other, bench.Pool.Claim(kept, other, 2), "7", 2));
        }

        bench.Finish(kept, static _ => "7");
        Bench.Accepted(bench.Pool.Send(proof));
        bench.NextEpoch();
        bench.AssertReplays();
        return bench;
    }
}
