using System.Runtime.CompilerServices;
using System.Text;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Runtime.Listing;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Listing;

/// <summary>A journal of many jobs, each done before the next but for a few: a list takes the memory of those few and of what it shows.</summary>
[Collection<MeasuresMemory>]
public sealed class LongJournalTests
{
    private const int Jobs = 60_000;
    private const int OpenAtOnce = 20;

    [Fact]
    public async Task A_list_takes_the_memory_of_what_is_open_and_of_what_it_shows()
    {
        var journal = new LongJournal(); // A job each as a dictionary would hold it: 60,000 × 500 bytes are 30 MB.
        await MeasureAsync(async () =>
        {
            var list = await JobList.ReadAsync(journal, new JobListFilter { Range = new ListRange { Limit = 10 } }, journal);
            Assert.Equal((10, Jobs - 10), (list.Jobs.Count, list.More));
            Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)Jobs - i), list.Jobs.Select(job => job.Number));
        });
        await MeasureAsync(async () => Assert.Equal(Jobs, Assert.Single((await MinerList.ReadAsync(journal, new MinerListFilter(), journal)).Miners).Decided));
        await MeasureAsync(async () => Assert.Equal(Jobs, Assert.Single((await EpochList.ReadAsync(journal, new EpochListFilter(), journal)).Epochs).Jobs));

        async Task MeasureAsync(Func<Task> list)
        {
            // What another test had is let go at some time: a measurement of that says nothing.
            do
            {
                journal.Most = 0;
                journal.Least = GC.GetTotalMemory(forceFullCollection: true);
                await list();
            }
            while (journal.Most < journal.Least);

            Assert.InRange(journal.Most - journal.Least, 0, 6_000_000);
        }
    }

    /// <summary>Makes its records as they are read, and measures what is alive at the list's every tenth report.</summary>
    private sealed class LongJournal : ReadOnlyJournal, IProgress<long>
    {
        private static readonly EnsName Client = EnsName.Parse("clinic.clientswarm.eth");
        private static readonly EnsName Miner = EnsName.Parse("miner.alice.eth");
        private static readonly EthAddress Account = EthAddress.Parse("0x1111111111111111111111111111111111111111");
        private int reports;

        public long Least { get; set; }

        public long Most { get; set; }

        public void Report(long value)
        {
            if (++reports % 50 == 0)
            {
                Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: true));
            }
        }

        public override async IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Assert.Equal(1, fromSequence);
            var (writer, sequence, hash) = (new RecordWriter(), 0L, JournalHead.Empty.Hash);
            yield return Next(new EpochOpened(1, new string('0', 64)), new MinerRegistered(Miner, Account, MiningMode.SOLO, ["m"], [], 0, CidOf("registration")));
            for (var i = 0; i < Jobs + OpenAtOnce; i++)
            {
                await Task.CompletedTask;
                if (i < Jobs)
                {
                    yield return Next(new JobAccepted(CidOf($"job {i}"), Client, "t", "m", Usdc.FromMicro(1), 1_000_000_000_000_000, 1, 1, 1));
                }

                if (i >= OpenAtOnce)
                {
                    var job = CidOf($"job {i - OpenAtOnce}");
                    yield return Next(
                        new JobClaimed(job, 1, Miner, MiningMode.SOLO, i, 1, 1),
                        new ProofAccepted(job, 1, i, Miner, Account, job, job, "hashes"),
                        new JobDecided(job, [new PaidPart(job, Miner, Account, MiningMode.SOLO, Usdc.FromMicro(1))]));
                }
            }

            JournalRecord Next(params IReadOnlyList<PoolEvent> events)
            {
                var record = writer.Write(new PoolRecord(++sequence, sequence, sequence, new TimeInput(), PoolFacts.None, events), hash);
                hash = record.Hash;
                return record;
            }
        }

        private static Cid CidOf(string text) => Cid.OfBlock(Encoding.UTF8.GetBytes(text));
    }
}
