using System.Globalization;
using SwarmPool.Load.Measuring;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Benchmarks.Timed;

/// <summary>CPU of Decide and Apply of each kind of step, with so many jobs pending meanwhile.</summary>
internal static class MachineSteps
{
    private const int Steps = 2_000;
    private const int Rounds = 9;

    public static void Run(IReadOnlyList<int> pending, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| pending | job CPU µs | claim µs | proof µs | all three µs | B allocated a step | (median of {Rounds} rounds of {Steps} steps each)"));
        output.WriteLine("|---|---|---|---|---|---|");
        for (var warming = 0; warming < 5; warming++)
        {
            Measure(1000);
        }

        foreach (var count in pending.Count == 0 ? [1_000, 100_000, 1_000_000] : pending)
        {
            output.WriteLine(Measure(count));
        }
    }

    private static string Measure(int pending)
    {
        var bench = new MachineBench();
        var filled = new List<Cid>(pending);
        bench.Fill(pending, filled);
        GC.Collect();
        var (job, claim, proof) = (new List<double>(), new List<double>(), new List<double>());
        var allocated = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var jobs = Make(bench.Job);
            job.Add(Time(bench, jobs, ref allocated));
            var claims = jobs.ConvertAll(j => bench.Claim(j.Cid));
            claim.Add(Time(bench, claims, ref allocated));
            var proofs = jobs.ConvertAll(j => bench.Proof(j.Cid));
            proof.Add(Time(bench, proofs, ref allocated));
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"| {pending} | {Figures.Median(job):F2} | {Figures.Median(claim):F2} | {Figures.Median(proof):F2} | {Figures.Median(job) + Figures.Median(claim) + Figures.Median(proof):F2} | {allocated / (3 * Rounds * Steps)} |");
    }

    private static List<SignedSnapshot> Make(Func<SignedSnapshot> make) => [.. Enumerable.Range(0, Steps).Select(_ => make())];

    private static double Time(MachineBench bench, List<SignedSnapshot> steps, ref long allocated)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var begun = ThreadCpu.Now; // CPU, not time: others may use the cores meanwhile
        foreach (var step in steps)
        {
            bench.Step(step);
        }

        var took = (ThreadCpu.Now - begun).TotalMicroseconds / steps.Count;
        allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        return took;
    }
}
