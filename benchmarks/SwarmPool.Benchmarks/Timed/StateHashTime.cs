using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Load.Measuring;
using SwarmPool.Transport;

namespace SwarmPool.Benchmarks.Timed;

/// <summary>What the hash of the whole state costs: the sequencer makes it when an epoch ends, and decides nothing meanwhile.</summary>
internal static class StateHashTime
{
    private const int Rounds = 7;

    public static void Run(IReadOnlyList<int> pending, TextWriter output)
    {
        output.WriteLine("| jobs | CPU ms | MB encoded |");
        output.WriteLine("|---|---|---|");
        foreach (var count in pending.Count == 0 ? [1_000, 10_000, 100_000, 1_000_000] : pending)
        {
            var bench = new MachineBench();
            bench.Fill(count, new List<Cid>(count));
            var took = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var begun = ThreadCpu.Now;
                StateHash.Of(bench.State);
                took.Add((ThreadCpu.Now - begun).TotalMilliseconds);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {count} | {Figures.Median(took):F1} | {StateCodec.Encode(bench.State).Length / 1e6:F1} |"));
        }
    }
}
