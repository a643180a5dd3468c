using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Runtime.Hosting;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Benchmarks.Timed;

/// <summary>The embedded journal in a folder of its own, and records of accepted jobs that follow one another.</summary>
internal sealed class TemporaryJournal : IDisposable
{
    private readonly string folder;
    private readonly IPoolJournal journal;
    private readonly JournalLease lease;
    private readonly MachineBench bench = new();
    private readonly MessageInput input;
    private ReadOnlyMemory<byte> head = JournalHead.Empty.Hash;
    private long sequence;

    private TemporaryJournal(string folder, IPoolJournal journal, JournalLease lease)
    {
        this.folder = folder;
        this.journal = journal;
        this.lease = lease;
        input = new MessageInput(bench.Job());
    }

    public IPoolJournal Journal => journal;

    public static async Task<TemporaryJournal> OpenAsync()
    {
        var path = Directory.CreateTempSubdirectory("swarmpool-bench-").FullName;
        var builder = SwarmPoolBuilder.Create(null, path);
        builder.UseEmbeddedJournal(o => o.Journal = "journal.db");
        var opened = builder.Build().Services.GetRequiredService<IPoolJournal>();
        return new TemporaryJournal(path, opened, await opened.AcquireAsync("pool.load.eth", "benchmark", TimeSpan.FromSeconds(10), CancellationToken.None));
    }

    /// <summary>The next record: a started daemon first, then jobs, each with another CID and the same message.</summary>
    public JournalRecord Next()
    {
        sequence++;
        var record = sequence == 1
            ? new PoolRecord(1, bench.At, 1, new TimeInput(), PoolFacts.None, [new EpochOpened(1, "")])
            : new PoolRecord(sequence, bench.At, sequence, input, PoolFacts.None, [bench.Accepted(Cid.OfBlock(BitConverter.GetBytes(sequence)), (int)sequence)]);
        var stored = RecordCodec.Encode(record, head);
        head = stored.Hash;
        return stored;
    }

    public ValueTask AppendAsync(IReadOnlyList<JournalRecord> batch) => journal.AppendAsync(lease, batch, CancellationToken.None);

    public void Dispose()
    {
        journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
    }
}
