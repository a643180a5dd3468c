using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Simulation.Network;
using SwarmPool.Simulation.Parties;
using SwarmPool.Simulation.State;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Checks;

/// <summary>The count at the end: answers against the journal, the sealed epochs audited, the journal judged anew, the state replayed.</summary>
internal sealed class Reckoning(World world)
{
    private const int MostUnread = 3000;
    private const int MostReady = 20_000;

    public async Task CheckAsync(IReadOnlyList<(JobHandle Handle, byte[] Input)> jobs)
    {
        foreach (var (handle, input) in jobs)
        {
            CheckAnswer(handle, input);
        }

        foreach (var (cid, job) in world.Journal.Jobs)
        {
            Require(!job.IsOpen || job.Accepted.Client != Cast.Client, $"{cid} was accepted and has no end");
        }

        Require(world.Network.MostUnread < MostUnread, $"{world.Network.MostUnread} messages waited to be read");
        Require(world.Pump.MostReady < MostReady, $"{world.Pump.MostReady} steps waited");
        Require(world.Journal.Unsaid.Count == 0, $"{world.Journal.Unsaid.Count} announcements were never made, of {string.Join(", ", world.Journal.Unsaid.Order().Take(3).Select(one => $"record {one.Sequence} {one.Type}"))}");
        CheckState();
        await AuditAsync();
    }

    private void CheckAnswer(JobHandle handle, byte[] input)
    {
        if (!handle.Completion.IsCompleted)
        {
            return; // Told already.
        }

        var job = world.Journal.Jobs.TryGet(handle.JobCid);
        if (handle.Completion.IsCompletedSuccessfully)
        {
            var result = handle.Completion.Result;
            Require(job?.Decided is not null, $"the client was given the output of {handle.JobCid}, which the journal does not decide");
            Require(
                !Cast.Miners.Contains(result.Miner) || result.Output.Span.SequenceEqual(SimBackend.Answer(input)),
                $"the output of {handle.JobCid} is not what {result.Miner} computes");
        }
        else if (handle.Completion.Exception!.InnerException is JobFailedException failed)
        {
            Require(failed.Reason is not (JobFailedException.BadProof or JobFailedException.OutputUnavailable), $"{handle.JobCid}: {failed.Message}");
            Require(failed.Reason == JobFailedException.NotAnswered || job?.Ended == failed.Reason, $"{handle.JobCid} is told as {failed.Reason}, and is {job?.Ended ?? "open or decided"}");
        }
    }

    private void CheckState()
    {
        var state = new PoolState();
        foreach (var stored in world.Disk.Records)
        {
            var record = RecordCodec.Decode(stored, withInput: false);
            state.Apply(record.Sequence, record.At, record.Events);
            if (world.Disk.Snapshot is { } copy && copy.Sequence == record.Sequence)
            {
                var body = CopySeal.Open(copy).Body.Span;
                Require(body.SequenceEqual(StateCodec.Encode(state)), $"the daemon's state at record {copy.Sequence} is not what its events make");
                Require(StateHash.Of(StateCodec.Decode(body)) == StateHash.Of(state), "a state read back is another");
            }
        }

        Require(StateHash.Of(state) == StateHash.Of(world.Journal.State), "two replays of the journal differ");
    }

    private async Task AuditAsync()
    {
        var content = new SimTransport(world.Network, world.Pump, world.Self);
        var journal = new SimJournal(
            world.Disk, world.Store, world.Pump, world.Self, new Engine.Dice(1), world.Trace, () => false, () => CrashPoint.None, () => { }, world.Plan.Lease, _ => { });
        if (!world.Planted.ChangesRules)
        {
            var audit = await JournalAudit.RunAsync(journal);
            Require(audit.IsRight, $"the journal judged anew differs: {string.Join("; ", audit.Differences.Take(3))}");
        }

        var published = new PoolAuditor(content, new SimNames(), world.Self.Time) { Policy = SimPolicy.Create() };
        if (!world.Planted.ChangesRules && world.Journal.Epochs.Sealed.Count > 0)
        {
            await AuditHistoryAsync(published, world.Journal.Epochs.Sealed.MaxBy(static epoch => epoch.Key).Value);
        }

        long micro = 0;
        foreach (var (number, cid) in world.Journal.Epochs.Sealed)
        {
            try
            {
                var epoch = await published.AuditEpochAsync(await published.FetchAsync(cid));
                Require(epoch.IsRight && epoch.SplitChecked, $"epoch {number} differs: {string.Join("; ", epoch.Differences.Take(3))}");
                micro += epoch.Snapshot.TotalVolumeUsdc.Micro;
            }
            catch (SwarmPoolException e)
            {
                Require(false, $"epoch {number} can't be audited: {e.Message}");
            }
        }

        var decided = world.Journal.Jobs.Values.Where(j => j.Decided is not null && world.Journal.Epochs.Sealed.ContainsKey(j.DecidedIn)).Sum(j => j.Accepted.Price.Micro);
        Require(micro == decided, $"the sealed epochs hold {micro} micro-USDC; the jobs decided in them cost {decided}");
    }

    /// <summary>As a stranger, from the first epoch to the last.</summary>
    private async Task AuditHistoryAsync(PoolAuditor published, Cid last)
    {
        try
        {
            var history = await published.AuditHistoryAsync(await published.FetchAsync(last));
            Require(history.IsRight && history.Splits == history.Epochs, $"what was published differs: {string.Join("; ", history.Differences.Take(3))}");
        }
        catch (SwarmPoolException e)
        {
            Require(false, $"what was published can't be audited: {e.Message}");
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            world.Pump.Problem("reckoning: " + otherwise);
        }
    }
}
