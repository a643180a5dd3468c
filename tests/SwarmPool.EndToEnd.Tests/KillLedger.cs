using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Plugins.Redis;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Hosting;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>Reads a running pool's journal from outside, record by record, and keeps books of its own over it.</summary>
internal sealed class KillLedger : IDisposable
{
    public const string DefaultJournal = "pool.journal.db";

    private readonly IHost host;
    private readonly IPoolJournal journal;
    private readonly Dictionary<Cid, long> accepted = [];
    private readonly Dictionary<Cid, long> paid = [];
    private readonly HashSet<Cid> cancelled = [];

    public KillLedger(PoolFolder folder, string path = DefaultJournal)
        : this(folder.Root, builder => builder.UseEmbeddedJournal(o => o.Journal = path))
    {
    }

    public KillLedger(RedisPool pool)
        : this(pool.Root, builder => builder.UseRedisJournal(o => o.Configuration = pool.Server.Configuration))
    {
    }

    private KillLedger(string root, Action<SwarmPoolBuilder> use)
    {
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().Build(), root);
        use(builder);
        builder.Require<IPoolJournal>("the test");
        host = builder.Build();
        journal = host.Services.GetRequiredService<IPoolJournal>();
    }

    public PoolState State { get; } = new();

    public int Decided => paid.Count;

    /// <summary>Which kinds of event the journal has.</summary>
    public HashSet<Type> Kinds { get; } = [];

    /// <summary>Jobs that were accepted and have come to no end yet.</summary>
    public long Open => State.Jobs.PendingCount + State.Jobs.ClaimedCount;

    /// <summary>Jobs of <see cref="KillBurst"/> that were accepted and not taken back yet.</summary>
    public HashSet<Cid> OpenBurst { get; } = [];

    public int Cancelled => cancelled.Count;

    /// <summary>Jobs that were accepted, and neither paid nor taken back.</summary>
    public IEnumerable<Cid> Lost => accepted.Keys.Except(paid.Keys).Except(cancelled);

    public int PaidTwice { get; private set; }

    /// <summary>The prices of all jobs that were accepted and not taken back.</summary>
    public long AcceptedMicro => accepted.Where(job => !cancelled.Contains(job.Key)).Sum(job => job.Value);

    public long PaidMicro => paid.Values.Sum();

    public bool Knows(Cid job) => accepted.ContainsKey(job);

    /// <summary>Reads what was appended since.</summary>
    public async Task ReadOnAsync()
    {
        await foreach (var stored in journal.ReadAsync(State.Sequence + 1, CancellationToken.None))
        {
            var record = RecordCodec.Decode(stored, withInput: false);
            Assert.Equal(State.Sequence + 1, record.Sequence);
            State.Apply(record.Sequence, record.At, record.Events);
            foreach (var e in record.Events)
            {
                Kinds.Add(e.GetType());
                switch (e)
                {
                    case JobAccepted job:
                        Assert.True(accepted.TryAdd(job.Cid, job.Price.Micro), $"{job.Cid} was accepted twice");
                        if (job.Model == KillBurst.Model)
                        {
                            OpenBurst.Add(job.Cid);
                        }

                        break;
                    case JobCancelled taken:
                        Assert.True(cancelled.Add(taken.Cid) && OpenBurst.Remove(taken.Cid), $"{taken.Cid} was taken back twice, or by nobody");
                        break;
                    case JobDecided decided:
                        PaidTwice += paid.TryAdd(decided.Cid, decided.Parts.Sum(part => part.Price.Micro)) ? 0 : 1;
                        break;
                }
            }
        }
    }

    /// <summary>How many records are decided that nobody may have been told of yet.</summary>
    public async Task<long> UnsaidAsync() => State.Sequence - await journal.LoadCursorAsync("announced", CancellationToken.None);

    /// <summary>Who leads; null while nobody does.</summary>
    public async Task<JournalLeader?> LeaderAsync() => (await journal.MembersAsync(CancellationToken.None)).Leader;

    /// <summary>All that was accepted is paid once, all that was sent is answered, and the journal judged again is the same.</summary>
    public async Task BalanceAsync(SteadyClient client)
    {
        await ReadOnAsync();
        Assert.Empty(client.Unanswered);
        Assert.Empty(Lost);
        Assert.Equal(0, PaidTwice);
        Assert.Equal(AcceptedMicro, PaidMicro);
        Assert.Equal(client.Answered, Decided);
        var audit = await AuditAsync();
        Assert.True(audit.IsRight, string.Join('\n', audit.Differences));
    }

    /// <summary>Judges every record's input again.</summary>
    public async Task<AuditReport> AuditAsync() => await JournalAudit.RunAsync(journal);

    public async Task UntilAsync(Func<bool> so, string what)
    {
        for (var i = 0; i < 2400; i++)
        {
            await ReadOnAsync();
            if (so())
            {
                return;
            }

            await Task.Delay(25);
        }

        Assert.Fail($"{what}: not within a minute; {State.Sequence} records, {State.Jobs.PendingCount} jobs pending, {State.Jobs.ClaimedCount} claimed, {Decided} decided");
    }

    public void Dispose() => host.Dispose();
}
