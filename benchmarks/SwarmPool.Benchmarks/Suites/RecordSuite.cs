using BenchmarkDotNet.Attributes;
using SwarmPool.Benchmarks.Timed;
using SwarmPool.Core.Pool.Records;
using SwarmPool.State;

namespace SwarmPool.Benchmarks.Suites;

/// <summary>A claim's journal record between record and bytes.</summary>
[MemoryDiagnoser]
public class RecordSuite
{
    private readonly PoolRecord record;
    private readonly JournalRecord stored;
    private readonly byte[] previous = new byte[32];

    public RecordSuite()
    {
        var bench = new MachineBench();
        var job = bench.Job();
        bench.Step(job);
        record = bench.Step(bench.Claim(job.Cid));
        stored = RecordCodec.Encode(record, previous);
    }

    [Benchmark]
    public object Encode() => RecordCodec.Encode(record, previous);

    [Benchmark]
    public object DecodeEvents() => RecordCodec.Decode(stored, withInput: false);

    [Benchmark]
    public object DecodeAll() => RecordCodec.Decode(stored, withInput: true);
}
