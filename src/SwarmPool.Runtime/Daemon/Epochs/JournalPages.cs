using SwarmPool.Core.Pool;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Epochs;

/// <summary>An epoch's journal records as pages for everyone: a record a line, so many lines as fit a block.</summary>
internal static class JournalPages
{
    /// <summary>Stores the pages, in order; also says the hash of the last record.</summary>
    public static async ValueTask<(List<Cid> Pages, ReadOnlyMemory<byte> LastHash)> StoreAsync(
        IPoolJournal journal, EpochAccount epoch, Func<ReadOnlyMemory<byte>, ValueTask<Cid>> store, CancellationToken cancellationToken)
    {
        var pages = new List<Cid>();
        var page = new MemoryStream();
        ReadOnlyMemory<byte> last = default;
        await foreach (var record in EpochRange.RecordsAsync(journal, epoch, cancellationToken))
        {
            if (page.Length > 0 && page.Length + record.Body.Length + 1 > ContentAddress.BlockBytes)
            {
                pages.Add(await store(page.ToArray()));
                page.SetLength(0);
            }

            page.Write(record.Body.Span);
            page.WriteByte((byte)'\n');
            last = record.Hash;
        }

        pages.Add(await store(page.ToArray()));
        return (pages, last);
    }
}
