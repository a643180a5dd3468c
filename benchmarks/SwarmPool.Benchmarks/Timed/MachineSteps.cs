using System.Globalization;
using SwarmPool.Load.Measuring;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Benchmarks.Timed;

/// <summary>
/// CPU of Decide and Apply of each kind of step, with so many jobs pending meanwhile. All sizes are built first and take turns,
/// round by round, so that whatever else the machine does comes upon all of them alike; the median of the rounds counts.
/// </summary>
/// <remarks>
/// What the collector takes is told apart: it runs on the thread that allocates, and what it has to look at grows with what
/// lives, whoever allocates. The rest is the rules' own.
/// </remarks>
internal static class MachineSteps
{
    private const int Steps = 2_000;
    private const int Rounds = 15;

    public static void Run(IReadOnlyList<int> pending, TextWriter output)
    {
        var sizes = (pending.Count == 0 ? [1_000, 10_000, 100_000, 1_000_000] : pending).Select(count => new Size(count)).ToList();
        for (var round = -3; round < Rounds; round++)
        {
            foreach (var size in sizes)
            {
                GC.Collect(0);
                size.Measure(counts: round >= 0);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median of {Rounds} rounds of {Steps} steps each, in turns; CPU µs a step, of it the collector's in brackets"));
        output.WriteLine("| pending | job | claim | proof | mean | mean without the collector | of the first | B allocated a step |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var size in sizes)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {size.Pending} | {size.Job} | {size.Claim} | {size.Proof} | {size.Mean:F2} | {size.OwnMean:F2} | {size.OwnMean / sizes[0].OwnMean:F2} | {size.BytesAStep} |"));
        }
    }

    private sealed class Size
    {
        private readonly MachineBench bench = new();
        private long allocated;
        private int steps;

        public Size(int pending)
        {
            Pending = pending;
            bench.Fill(pending, new List<Cid>(pending));
        }

        public int Pending { get; }

        public Timings Job { get; } = new();

        public Timings Claim { get; } = new();

        public Timings Proof { get; } = new();

        public double Mean => (Job.All + Claim.All + Proof.All) / 3;

        public double OwnMean => (Job.Own + Claim.Own + Proof.Own) / 3;

        public long BytesAStep => allocated / Math.Max(1, steps);

        public void Measure(bool counts)
        {
            var jobs = Enumerable.Range(0, Steps).Select(_ => bench.Job()).ToList();
            Time(jobs, counts ? Job : null);
            Time(jobs.ConvertAll(j => bench.Claim(j.Cid)), counts ? Claim : null);
            Time(jobs.ConvertAll(j => bench.Proof(j.Cid)), counts ? Proof : null);
        }

        private void Time(List<SignedSnapshot> inputs, Timings? timings)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var collecting = GC.GetTotalPauseDuration();
            var begun = ThreadCpu.Now; // CPU, not time: others may use the cores meanwhile
            foreach (var input in inputs)
            {
                bench.Step(input);
            }

            var all = (ThreadCpu.Now - begun).TotalMicroseconds / inputs.Count;
            var collector = Math.Min(all, (GC.GetTotalPauseDuration() - collecting).TotalMicroseconds / inputs.Count);
            if (timings is not null)
            {
                timings.Add(all, collector);
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                steps += inputs.Count;
            }
        }
    }

    private sealed class Timings
    {
        private readonly List<double> all = [];
        private readonly List<double> own = [];

        public double All => Figures.Median(all);

        public double Own => Figures.Median(own);

        public void Add(double whole, double collector)
        {
            all.Add(whole);
            own.Add(whole - collector);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{All:F2} ({All - Own:F2})");
    }
}
