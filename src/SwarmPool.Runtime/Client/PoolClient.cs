using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Discovery;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>
/// Submits jobs to a pool and brings their outputs back, checked. It listens before it sends, takes nothing that the pool
/// has not signed, and has any number of jobs under way over one set of subscriptions.
/// </summary>
/// <remarks>Thread-safe. Made by <c>services.AddSwarmPoolClient(configuration)</c> or <c>builder.AddClient()</c>; the host starts and stops it.</remarks>
public sealed class PoolClient : IDisposable
{
    internal static readonly string[] HeardTopics = [SnapshotTypes.JobsNew, SnapshotTypes.JobsRejected, SnapshotTypes.JobsCancelled, SnapshotTypes.JobsFailed, SnapshotTypes.ClaimsAccepted, SnapshotTypes.ClaimsTimeout, SnapshotTypes.ProofsAccepted];

    private static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(20);

    private readonly ClientOptions options;
    private readonly RoleDependencies parts;
    private readonly NameCache names;
    private readonly OwnDelegation own;
    private readonly RevocationListener revocations;
    private readonly ContentReader content;
    private readonly PoolListener listener;
    private readonly StateSource state;
    private readonly RetryingSender sender;
    private readonly ClientMessageFactory messages;
    private readonly JobCancellation cancellation;
    private readonly JobSubmission submission;
    private readonly JobEventDispatcher jobs = new();
    private readonly CancellationTokenSource life = new();
    private readonly ILogger<PoolClient> logger;
    private Task? listening;
    private bool isDisposed;

    internal PoolClient(ClientOptions options, RoleDependencies parts)
    {
        this.options = options;
        this.parts = parts;
        var pool = EnsName.Parse(options.PoolEns);
        names = new NameCache(parts.Names, parts.Time);
        content = new ContentReader(parts.Transport.Content, parts.Time);
        var delegations = new DelegationCache(content, parts.Time);
        var signers = new SignerCheck(names, parts.Engine, parts.Time, delegations);
        own = new OwnDelegation(parts.Delegation, DelegationRoles.Client, pool, signers, parts.Time);
        revocations = new RevocationListener(parts.Transport, signers, delegations, pool, EnsName.Parse(options.ClientEns), parts.Loggers.CreateLogger<RevocationListener>());
        logger = parts.Loggers.CreateLogger<PoolClient>();
        listener = new PoolListener(parts.Transport, content, signers, pool, parts.Time, parts.Loggers.CreateLogger<PoolListener>());
        state = new StateSource(parts.Transport, content, listener, new PoolFinder(parts.Transport, parts.Names, pool, parts.Time, parts.Loggers.CreateLogger<PoolFinder>()), pool, parts.Time);
        sender = new RetryingSender(parts.Transport, pool, parts.Time, parts.Loggers.CreateLogger<RetryingSender>());
        messages = new ClientMessageFactory(parts.IdentityOf(EnsName.Parse(options.ClientEns), pool), parts.Nonces, parts.Time);
        cancellation = new JobCancellation(messages, sender, life.Token);
        submission = new JobSubmission(sender, new ResultFetcher(content, signers, pool, options.MaxOutputBytes), options, parts.Time, parts.Loggers.CreateLogger<JobSubmission>());
    }

    /// <summary>What the pool's name says of where the pool is and can't be used, so far. Hints: the pool may be found without.</summary>
    public IReadOnlyList<Refusal> NameProblems => state.Finder.Problems;

    /// <summary>Submits a job. Completes when the job is stored and on its way; the handle tells the rest.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <param name="cancellationToken">Gives up before the job is sent; afterwards use <see cref="JobHandle.CancelAsync"/>.</param>
    /// <exception cref="ArgumentException">The job contradicts itself.</exception>
    /// <exception cref="SwarmPoolException">A field is not in its form; the code is what the pool would refuse it with.</exception>
    /// <exception cref="TransportException">The input can't be stored.</exception>
    /// <exception cref="InvalidOperationException">The client is not started, or has as many jobs under way as its options allow.</exception>
    public async Task<JobHandle> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        RequireRoom();
        var input = spec.InputCid ?? await parts.Transport.Content.PutAsync(spec.Input, cancellationToken);
        var job = await messages.JobAsync(spec, input, cancellationToken);
        await parts.Transport.Content.PutAsync(job.Bytes, cancellationToken);
        return Drive(job, spec.Replicas, $"The job {job.Cid} is stored and on its way to {options.PoolEns}.");
    }

    /// <summary>
    /// Takes up a job again that this name submitted before, by a client that has ended since or on another machine. The very
    /// bytes that were signed then are sent again: the pool does the job once and says what became of it.
    /// </summary>
    /// <param name="job">The job, as <see cref="JobHandle.JobCid"/> named it; its bytes have to be in the content store still.</param>
    /// <param name="cancellationToken">Gives up before the job is sent.</param>
    /// <exception cref="SwarmPoolException">
    /// Its bytes are unavailable (SP2401 to SP2404), are not a snapshot, or are not a job of this client's for this pool (SP3006).
    /// </exception>
    /// <exception cref="InvalidOperationException">The client is not started, has the job under way already, or as many as its options allow.</exception>
    public async Task<JobHandle> ResumeAsync(Cid job, CancellationToken cancellationToken = default)
    {
        RequireRoom();
        var (fetched, refusal) = await content.FetchSnapshotAsync<Snapshot>(job, FetchPatience, cancellationToken);
        if (fetched is null)
        {
            throw new SwarmPoolException(refusal!.Code, $"The job {job} can't be taken up again. {refusal.Reason}");
        }

        if (fetched.Body is not JobSnapshot own || own.Client != EnsName.Parse(options.ClientEns) || own.Pool != EnsName.Parse(options.PoolEns))
        {
            throw new SwarmPoolException(ErrorCodes.NotYourJob, $"{job} is no job of {options.ClientEns} for {options.PoolEns}: name one that this client submitted there.");
        }

        return Drive(fetched.Signed, own.Replicas, $"The job {job} is on its way to {options.PoolEns} again.");
    }

    /// <summary>
    /// Takes a job back that was submitted by this name, here or elsewhere; works while no miner has begun it. Completes when
    /// the pool has agreed.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops asking; the pool may still agree.</param>
    /// <exception cref="JobRejectedException">The pool refused; the job goes on.</exception>
    /// <exception cref="InvalidOperationException">The client is not started, or the job is under way here: then its handle cancels it.</exception>
    public async Task CancelAsync(Cid job, CancellationToken cancellationToken = default)
    {
        if (listening is null)
        {
            throw new InvalidOperationException("The client is not started: start its host first, so that it hears the pool's answers.");
        }

        var tracker = new JobTracker(job, replicas: 1);
        if (!jobs.TryOpen(job, tracker))
        {
            throw new InvalidOperationException($"The job {job} is under way here: cancel it by its handle.");
        }

        try
        {
            await cancellation.AskAsync(tracker, cancellationToken);
        }
        finally
        {
            jobs.Close(job);
        }
    }

    /// <summary>Checks that the key may sign for the name, then listens to the pool.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        await OwnName.RequireAsync(names, EnsName.Parse(options.ClientEns), parts.Signer, cancellationToken, own);
        await OwnDelegation.ShowAsync(parts.Transport.Content, parts.Delegation, cancellationToken);
        await state.LookAsync(cancellationToken);
        var ears = await listener.StartAsync(HeardTopics, life.Token);
        var told = await revocations.StartAsync(life.Token);
        listening = Loops.Start(parts.Schedulers.Roles, () => ListenAsync([ears, told]));
    }

    /// <summary>Ends all jobs under way here with "stopped"; the pool may still do them.</summary>
    internal async Task StopAsync()
    {
        life.Cancel();
        if (listening is not null)
        {
            await listening;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A container inside of another disposes what both hand out, so this may come twice.
        if (!isDisposed)
        {
            isDisposed = true;
            life.Cancel();
            life.Dispose();
        }
    }

    private void RequireRoom()
    {
        if (listening is null)
        {
            throw new InvalidOperationException("The client is not started: start its host first, so that it hears the pool's answers.");
        }

        if (jobs.Count >= options.MaxJobsUnderWay)
        {
            throw new InvalidOperationException($"{jobs.Count} jobs are under way, as many as max_jobs_under_way allows. Wait for one to end, or raise it.");
        }
    }

    private JobHandle Drive(SignedSnapshot job, int? replicas, string said)
    {
        var tracker = new JobTracker(job.Cid, replicas ?? 1);
        if (!jobs.TryOpen(job.Cid, tracker))
        {
            throw new InvalidOperationException($"The job {job.Cid} is under way here already: use its handle.");
        }

        tracker.Tell(JobStage.Sent, said);
        _ = Loops.Start(parts.Schedulers.Roles, () => DriveAsync(job, tracker));
        return new JobHandle(tracker, cancellation.WhenAnsweredAsync);
    }

    private async Task ListenAsync(IReadOnlyList<Task> ears)
    {
        try
        {
            Task[] services = state.Finder.MayChange ? [.. ears, state.Finder.KeepAsync(life.Token)] : [.. ears];
            await Loops.RunWhileAsync(HearAsync(), services, life);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (Exception e)
        {
            ClientLog.Deaf(logger, e, e.Message);
            throw;
        }
    }

    private async Task HearAsync()
    {
        await foreach (var said in listener.Heard.ReadAllAsync(life.Token))
        {
            jobs.Hear(said.Body);
        }
    }

    private async Task DriveAsync(SignedSnapshot job, JobTracker tracker)
    {
        try
        {
            await submission.RunAsync(job, tracker, life.Token);
        }
        finally
        {
            jobs.Close(tracker.Job);
        }
    }
}
