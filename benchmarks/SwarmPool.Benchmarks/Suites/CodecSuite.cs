using BenchmarkDotNet.Attributes;
using SwarmPool.Load;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Benchmarks.Suites;

/// <summary>A job's snapshot between bytes and record.</summary>
[MemoryDiagnoser]
public class CodecSuite
{
    private readonly SignedSnapshot job;
    private readonly Snapshot body;

    public CodecSuite()
    {
        var messages = new Messages(new Crowd(SignatureEngines.Best), TimeProvider.System);
        job = messages.Sign(messages.Job(Crowd.Client(1)));
        body = job.Body;
    }

    [Benchmark]
    public bool CanonicalCheck() => CanonicalJson.IsCanonical(job.Bytes.Span);

    [Benchmark]
    public bool Decode() => SnapshotCodec.TryDecode(job.Bytes, out _, out _);

    [Benchmark]
    public byte[] Encode() => SnapshotCodec.Canonical(body);

    [Benchmark]
    public byte[] SigningText() => SnapshotCodec.SigningText(job);
}
