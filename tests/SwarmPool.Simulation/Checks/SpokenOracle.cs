using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Reader;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.State;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Checks;

/// <summary>Hears all that the pool says and stores, and holds it against what is durable at that moment.</summary>
internal sealed class SpokenOracle(Pump pump, SimDisk disk, JournalOracle journal)
{
    private readonly NewestState book = new();
    private readonly Dictionary<long, Cid> epochs = [];

    public void Hear(SimProcess speaker, ReadOnlyMemory<byte> bytes)
    {
        Require(!disk.IsReplaced(speaker), $"a daemon of term {disk.FenceOf(speaker)} speaks, though term {disk.Fence} has begun");
        if (!SnapshotCodec.TryDecode(bytes, out var said, out var refusal))
        {
            if (!SnapshotPointer.TryRead(bytes.Span, out _))
            {
                pump.Problem($"spoken: the pool says what nobody can read: {refusal}");
            }

            return;
        }

        switch (said.Body)
        {
            case PoolStateSnapshot state: HearState(said, state); break;
            case Announcement announcement: Hear(announcement); break;
        }
    }

    public void See(ReadOnlyMemory<byte> stored)
    {
        if (stored.Length < SnapshotCodec.MaxBytes && SnapshotCodec.TryDecode(stored, out var kept, out _) && kept.Body is EpochSnapshot epoch)
        {
            epochs.TryAdd(epoch.Number, kept.Cid);
            Require(epochs[epoch.Number] == kept.Cid, $"the pool signs a second, different snapshot of epoch {epoch.Number}");
        }
    }

    private void HearState(SignedSnapshot said, PoolStateSnapshot state)
    {
        book.Offer(said);
        Require(book.Conflict is null, $"the pool says two different things of term {state.Term}, record {state.Sequence}");
        RequireHead(state.Sequence, state.JournalHead);
    }

    private void Hear(Announcement announcement)
    {
        if (announcement.ToSequence > 0)
        {
            RequireHead(announcement.ToSequence, announcement.JournalHead!);
            journal.Say(announcement.Type, announcement.FromSequence, announcement.ToSequence);
        }

        switch (announcement)
        {
            case JobsNew a: Each(a, i => journal.Jobs.ContainsKey(i.Cid), i => $"{i.Cid} is offered"); break;
            case ClaimsAccepted a: Each(a, i => journal.Jobs.TryGet(i.JobCid) is { } job && (job.Leases.ContainsKey(i.Fence) || i.Fence > 0), i => $"claim {i.Fence}"); break;
            case ProofsAccepted a: Each(a, i => !i.Decided || journal.Jobs.TryGet(i.JobCid)?.Decided is not null, i => $"the decision of {i.JobCid}"); break;
            case JobsFailed a: Each(a, i => journal.Jobs.TryGet(i.Cid)?.Ended is not null, i => $"the failure of {i.Cid}"); break;
            case JobsCancelled a: Each(a, i => journal.Jobs.TryGet(i.Cid)?.Ended == "cancelled", i => $"the end of {i.Cid}"); break;
            case EpochsSealed a: Each(a, i => journal.Epochs.Sealed.ContainsValue(i.Cid), i => $"{i.EpochId} as {i.Cid}"); break;
        }
    }

    private void Each<TItem>(Announcement<TItem> announcement, Func<TItem, bool> holds, Func<TItem, string> what)
    {
        foreach (var item in announcement.Items)
        {
            Require(holds(item), $"the pool announces {what(item)}, which the journal does not hold");
        }
    }

    private void RequireHead(long sequence, string head) => Require(
        sequence <= disk.Records.Count && Convert.ToHexStringLower(disk.Records[(int)sequence - 1].Hash.Span) == head,
        $"the pool names record {sequence} with the head {head}, which the journal does not hold");

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            pump.Problem("spoken: " + otherwise);
        }
    }
}
