using System.IO.Compression;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Tests.Support;
using SwarmPool.Simulation.Bugs;

namespace SwarmPool.Simulation.Recording;

/// <summary>A recording by command: a long run's journal and what it led to, as files that a test holds the code to from then on.</summary>
internal static class RecordCommand
{
    public static int Run(ulong seed, string folder, TextWriter output)
    {
        var world = new World(Plan.OfRecording(seed), new Planted(Bug.None), keep: 0);
        var said = new PoolOutput(world.Network);
        var outcome = Schedule.RunAsync(seed, world).GetAwaiter().GetResult();
        foreach (var problem in outcome.Problems)
        {
            output.WriteLine("PROBLEM " + problem);
        }

        // The pool that is recorded checks no work.
        var missing = EventsOfChecks.Others.Select(static type => type.Name).Where(name => !outcome.Events.Contains(name)).ToList();
        output.WriteLine($"seed {seed}: {outcome.Records} records, {outcome.Decided} jobs decided, {outcome.VirtualSeconds:0} s of virtual time; events that never occur: {string.Join(", ", missing.DefaultIfEmpty("none"))}");
        if (outcome.Problems.Count > 0 || missing.Count > 0)
        {
            return 1;
        }

        Write(new PoolRecording(world.Disk.Records, said), Path.Combine(folder, $"recorded-{PoolMachine.CurrentRules}"), seed);
        return 0;
    }

    private static void Write(PoolRecording recording, string path, ulong seed)
    {
        WriteLines(path + ".records.ndjson.br", recording.Records);
        WriteLines(path + ".messages.txt.br", recording.Messages());
        using var facts = new StreamWriter(new FileStream(path + ".facts.txt", FileMode.CreateNew)) { NewLine = "\n" };
        facts.Write(Heading(seed));
        foreach (var line in recording.Facts())
        {
            facts.WriteLine(line);
        }
    }

    // CreateNew: a recording that is there stays as it is.
    private static void WriteLines(string path, IEnumerable<ReadOnlyMemory<byte>> lines)
    {
        using var file = new BrotliStream(new FileStream(path, FileMode.CreateNew), CompressionLevel.SmallestSize);
        foreach (var line in lines)
        {
            file.Write(line.Span);
            file.WriteByte((byte)'\n');
        }
    }

    private static string Heading(ulong seed) => $"""
        # A simulated pool's journal (.records.ndjson.br), what it said beside what its records say (.messages.txt.br),
        # and here what the same records lead to for ever:
        #   state <sequence> <state hash>
        #   epoch <number> <CID> <payout root> <merkle root> <journal root> <opening state>
        #   announcement <topic> <the first 16 bytes of the message's SHA-256>
        #   page <CID>      of a published state or a sealed epoch
        #   content <CID>   of a job or a proof that the pool keeps for everybody
        # Made once, by the code that these rules were released with, and never edited or made again: a test that
        # fails on it has found a change of what others have stored, signed or published. New rules add their own:
        #   dotnet run -c Release --project tests/SwarmPool.Simulation -- record {seed} --into tests/SwarmPool.Runtime.Tests/Golden

        """.ReplaceLineEndings("\n");
}
