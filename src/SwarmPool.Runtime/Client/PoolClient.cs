using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>
/// Submits jobs to a pool and brings their outputs back, checked. It listens before it sends, takes nothing that the pool
/// has not signed, and has any number of jobs under way over one set of subscriptions.
/// </summary>
/// <remarks>Thread-safe. Made by <c>builder.AddClient()</c>; the host starts and stops it.</remarks>
public sealed class PoolClient : IDisposable
{
    private static readonly string[] HeardTopics =
    [
        SnapshotTypes.JobsNew, SnapshotTypes.JobsRejected, SnapshotTypes.JobsCancelled, SnapshotTypes.JobsFailed,
        SnapshotTypes.ClaimsAccepted, SnapshotTypes.ClaimsTimeout, SnapshotTypes.ProofsAccepted,
    ];

    private readonly ClientOptions options;
    private readonly ClientParts parts;
    private readonly NameDirectory names;
    private readonly PoolListener listener;
    private readonly Outbox outbox;
    private readonly ClientPen pen;
    private readonly JobDrive drive;
    private readonly JobDesk jobs = new();
    private readonly CancellationTokenSource life = new();
    private readonly ILogger<PoolClient> logger;
    private Task? listening;

    internal PoolClient(ClientOptions options, ClientParts parts)
    {
        this.options = options;
        this.parts = parts;
        var pool = EnsName.Parse(options.PoolEns);
        names = new NameDirectory(parts.Names, parts.Time);
        var signers = new SignerCheck(names, parts.Engine);
        var content = new ContentReader(parts.Transport.Content, parts.Time);
        logger = parts.Loggers.CreateLogger<PoolClient>();
        listener = new PoolListener(parts.Transport, content, signers, pool, parts.Loggers.CreateLogger<PoolListener>());
        outbox = new Outbox(parts.Transport, pool, parts.Time, parts.Loggers.CreateLogger<Outbox>());
        pen = new ClientPen(EnsName.Parse(options.ClientEns), pool, parts.Names.Network, parts.Signer, parts.Nonces, parts.Time);
        drive = new JobDrive(
            outbox, new ResultCheck(content, signers, pool, options.MaxOutputBytes), options, parts.Time, parts.Loggers.CreateLogger<JobDrive>());
    }

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
        if (listening is null)
        {
            throw new InvalidOperationException("The client is not started: start its host first, so that it hears the pool's answers.");
        }

        if (jobs.Count >= options.MaxJobsUnderWay)
        {
            throw new InvalidOperationException($"{jobs.Count} jobs are under way, as many as max_jobs_under_way allows. Wait for one to end, or raise it.");
        }

        var input = spec.InputCid ?? await parts.Transport.Content.PutAsync(spec.Input, cancellationToken);
        var job = await pen.JobAsync(spec, input, cancellationToken);
        await parts.Transport.Content.PutAsync(job.Bytes, cancellationToken);

        var course = new JobCourse(job.Cid, spec.Replicas ?? 1);
        jobs.TryOpen(job.Cid, course);
        course.Tell(JobStage.Sent, $"The job {job.Cid} is stored and on its way to {options.PoolEns}.");
        _ = Loops.Start(parts.Scheduler, () => DriveAsync(job, course));
        return new JobHandle(course, CancelAsync);
    }

    /// <summary>Checks that the key may sign for the name, then listens to the pool.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        await OwnName.RequireAsync(names, EnsName.Parse(options.ClientEns), parts.Signer, cancellationToken);
        var ears = await listener.StartAsync(HeardTopics, life.Token);
        listening = Loops.Start(parts.Scheduler, () => ListenAsync(ears));
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
        life.Cancel();
        life.Dispose();
    }

    private async Task ListenAsync(Task ears)
    {
        try
        {
            await Loops.RunWhileAsync(HearAsync(), [ears], life);
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

    private async Task DriveAsync(SignedSnapshot job, JobCourse course)
    {
        try
        {
            await drive.RunAsync(job, course, life.Token);
        }
        finally
        {
            jobs.Close(course.Job);
        }
    }

    private async Task CancelAsync(JobCourse course, CancellationToken cancellationToken)
    {
        if (course.Completion.IsCompleted)
        {
            throw new JobRejectedException(course.Job, ErrorCodes.JobNotCancellable, "the job has ended already");
        }

        // A cancellation that overtakes its job would be refused as one of an unknown job.
        using var both = CancellationTokenSource.CreateLinkedTokenSource(life.Token, cancellationToken);
        await course.Answered.WaitAsync(both.Token);
        var answer = course.ExpectCancelAnswer();
        var cancel = await pen.CancelAsync(course.Job, both.Token);
        await outbox.SendUntilAsync(cancel, Task.WhenAny(answer, course.Completion), both.Token);
        if (answer.IsCompleted && await answer is { } refused)
        {
            throw refused;
        }

        if (!answer.IsCompleted)
        {
            throw new JobRejectedException(course.Job, ErrorCodes.JobNotCancellable, "the job ended before the pool answered");
        }
    }
}
