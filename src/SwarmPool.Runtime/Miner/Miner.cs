using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// A miner's story: listen to the pool, register, and then, for each worker: take the next job, race for it, do it. When
/// stopped it claims nothing more, lets running jobs end for a while, and gives the rest back.
/// </summary>
internal sealed class Miner(MinerOptions options, MinerDependencies dependencies)
{
    private static readonly string[] Topics =
    [
        SnapshotTypes.JobsNew, SnapshotTypes.JobsCancelled, SnapshotTypes.JobsFailed,
        SnapshotTypes.ClaimsAccepted, SnapshotTypes.ClaimsRejected, SnapshotTypes.ClaimsTimeout,
        SnapshotTypes.ProofsAccepted, SnapshotTypes.ProofsRejected, SnapshotTypes.ProofsCommitted, SnapshotTypes.ChecksNew, SnapshotTypes.ChecksDecided,
        SnapshotTypes.MinersJoined, SnapshotTypes.MinersRejected,
        SnapshotTypes.EpochsSealed, SnapshotTypes.State,
    ];

    private readonly RoleDependencies parts = dependencies.Role;
    private readonly IMinerObserver observer = dependencies.Observer;
    private readonly ILogger<Miner> logger = dependencies.Role.Loggers.CreateLogger<Miner>();
    private MinerComponents? components;

    /// <summary>What can be said before anything is started: may the key sign for the name, and what can the backend do?</summary>
    /// <exception cref="SwarmPoolException">SP1205, SP1209, SP2204 about the names; SP5101 about the backend or its models; several as one.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken) =>
        components = new MinerComponents(options, dependencies, await MinerPreflight.CheckAsync(options, dependencies, logger, cancellationToken));

    /// <summary>Mines until stopped. Completes when running jobs have ended or are given back.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (components is null)
        {
            await PrepareAsync(stop);
        }

        var d = components!;
        using var used = dependencies.Packs?.Use(d.Offer.Packs.Used);
        using var life = new CancellationTokenSource();
        using var drained = new CancellationTokenSource(Timeout.InfiniteTimeSpan, parts.Time);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(life.Token, drained.Token);
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(life.Token, halt.Token);
        using var draining = halt.Token.Register(() => Drain(d, drained));

        await OwnDelegation.ShowAsync(parts.Transport.Content, parts.Delegation, life.Token);

        // Before anything is heard, so that no old word is taken for news; and that before anything is sent, so that no answer is missed.
        var link = parts.Transport.Link;
        await parts.Waits.RunAsync(new Wait($"the last state of {options.PoolEns}", link?.Where, StateSource.LongestLook), () => d.State.LookAsync(life.Token).AsTask());
        var (ears, revocations) = (Task.CompletedTask, Task.CompletedTask);
        await parts.Waits.RunAsync(link, $"the topics of {options.PoolEns}", async () => (ears, revocations) = (await d.Listener.StartAsync(Topics, life.Token), await d.Revocations.StartAsync(life.Token)));
        MinerLog.Started(logger, options.MinerEns, options.PoolEns, string.Join(", ", d.Offer.Models));
        var sameName = await d.SameName.StartAsync(life.Token);
        foreach (var work in d.Shelf.Load())
        {
            d.Watch.Resume(work);
        }

        observer.Started(d.Pen.Miner, EnsName.Parse(options.PoolEns), options.Mode, d.Offer.Models, d.Offer.Gpus);

        Task[] services =
        [
            sameName, Start(() => d.SameName.KeepAsync(life.Token)), Start(() => YieldAsync(d, halt, life.Token)),
            ears, revocations, Start(() => d.Delegation.RunAsync(life.Token)), Start(() => HearAsync(d, life.Token)), Start(() => RegisterAsync(d, life.Token)), Start(() => d.Heartbeats.RunAsync(life.Token)),
            Start(() => d.PendingJobsCatchUp.RunAsync(life.Token)), Start(() => d.Earnings.RunAsync(life.Token)), Start(() => d.Idle.RunAsync(life.Token)), Start(() => d.Silence.RunAsync(life.Token)), Start(() => d.Offers.RunAsync(life.Token)), Start(() => d.Waiting.FailedAsync(life.Token)),
            .. d.Withdrawal is { } withdrawal ? [Start(() => withdrawal.RunAsync(life.Token))] : Array.Empty<Task>(),
        ];
        var workers = WorkAllAsync(d, stopping.Token, abandon.Token);
        await Loops.RunWhileAsync(workers, services, life);
        if (d.SameName.Lost.IsCompleted)
        {
            throw await d.SameName.Lost;
        }
    }

    // To another of this name: nothing more is claimed, and what runs is ended or given back, as at any stop.
    private async Task YieldAsync(MinerComponents d, CancellationTokenSource halt, CancellationToken cancellationToken)
    {
        await d.SameName.Lost.WaitAsync(cancellationToken);
        await halt.CancelAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, parts.Time, cancellationToken); // The workers end the miner.
    }

    // Nothing is said that changes anything, and nothing claimed, before it is known whether another has this name.
    private static async Task RegisterAsync(MinerComponents d, CancellationToken cancellationToken)
    {
        await d.SameName.KnockAsync(cancellationToken);
        await d.Registration.RunAsync(cancellationToken);
    }

    private static async Task HearAsync(MinerComponents d, CancellationToken cancellationToken)
    {
        await foreach (var said in d.Listener.Heard.ReadAllAsync(cancellationToken))
        {
            d.Silence.Heard();
            d.Clock.Hear(said.Body);
            d.Jobs.Hear(said.Body);
            d.Watch.Hear(said.Body);
            d.Registration.Hear(said.Body);
            d.Earnings.Hear(said.Body);
            d.Verdicts.Hear(said.Body);
            if (said.Body is PoolStateSnapshot)
            {
                d.PendingJobsCatchUp.Hear(said);
            }
        }
    }

    // What waits for others is brought to its end too, or given up with the rest.
    private async Task WorkAllAsync(MinerComponents d, CancellationToken stop, CancellationToken abandon)
    {
        await Task.WhenAll(Enumerable.Range(0, options.ParallelJobs).Select(_ => Start(() => WorkAsync(d, stop, abandon))));
        await d.Waiting.AllAsync();
    }

    private static async Task WorkAsync(MinerComponents d, CancellationToken stop, CancellationToken abandon)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await d.Registration.WaitAsync(stop);
                var candidate = await d.Watch.TakeAsync(stop);
                await DoAsync(d, candidate, stop, abandon);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static async Task DoAsync(MinerComponents d, Candidate candidate, CancellationToken stop, CancellationToken abandon)
    {
        var session = new ClaimSession(candidate.Job, candidate.Attempt, d.Pen.Miner) { Check = candidate.Check };
        if (d.Jobs.TryOpen(candidate.Job, session)) // Else another worker deals with it.
        {
            await d.Waiting.UntilLeftAsync(DoAsync(d, session, candidate, stop, abandon), session.LeftWaiting);
        }
    }

    private static async Task DoAsync(MinerComponents d, ClaimSession session, Candidate candidate, CancellationToken stop, CancellationToken abandon)
    {
        try
        {
            // A claim that was sent may win although the miner stops: the race is seen to its end, and a win given back.
            var outcome = candidate.Held is { } held ? new ClaimOutcome.Won(held) : await d.Race.RunAsync(session, abandon);
            if (!d.Claims.Settle(candidate, outcome, out var claim))
            {
                return;
            }

            if (stop.IsCancellationRequested && d.Shelf.Find(claim) is null)
            {
                await d.ClaimReleaser.ReleaseAsync(session, claim, ClaimReleaser.Stops, "the miner stops", CancellationToken.None);
                return;
            }

            if (!await d.Runner.RunAsync(session, claim, abandon) && candidate.Check is null)
            {
                d.Watch.LeaveToOthers(candidate.Job);
            }
        }
        finally
        {
            d.Jobs.Close(candidate.Job);
            d.Watch.Wake();
        }
    }

    private void Drain(MinerComponents d, CancellationTokenSource drained)
    {
        drained.CancelAfter(TimeSpan.FromSeconds(options.DrainSeconds));
        MinerLog.Draining(logger, d.Jobs.Count, options.DrainSeconds);
        observer.Draining(d.Jobs.Count);
    }

    private Task Start(Func<Task> loop) => Loops.Start(parts.Schedulers.Roles, loop);
}
