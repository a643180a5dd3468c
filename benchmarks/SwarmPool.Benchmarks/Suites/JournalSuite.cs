using BenchmarkDotNet.Attributes;
using SwarmPool.Benchmarks.Timed;
using SwarmPool.State;

namespace SwarmPool.Benchmarks.Suites;

/// <summary>Durable appends of batches of claims' records.</summary>
[MemoryDiagnoser]
public class JournalSuite : IDisposable
{
    private TemporaryJournal journal = null!;

    [Params(1, 16, 64, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public async Task SetupAsync() => journal = await TemporaryJournal.OpenAsync();

    /// <summary>The records are made here too: their hashes chain, so none can be used twice. <see cref="RecordSuite"/> tells what that costs.</summary>
    [Benchmark]
    public async Task AppendAsync()
    {
        var batch = new List<JournalRecord>(Batch);
        for (var i = 0; i < Batch; i++)
        {
            batch.Add(journal.Next());
        }

        await journal.AppendAsync(batch);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        journal.Dispose();
        GC.SuppressFinalize(this);
    }
}
