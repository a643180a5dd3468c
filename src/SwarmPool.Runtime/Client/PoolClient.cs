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
    private static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(20);

    private readonly ClientOptions options;
    private readonly RoleDependencies parts;
    private readonly ContentReader content;
    private readonly StateSource state;
    private readonly PoolPrices prices;
    private readonly RetryingSender sender;
    private readonly ClientMessageFactory messages;
    private readonly JobCancellation cancellation;
    private readonly JobSubmission submission;
    private readonly JobEventDispatcher jobs = new();
    private readonly CancellationTokenSource life = new();
    private readonly ClientConnection connection;
    private bool isDisposed;

    internal PoolClient(ClientOptions options, RoleDependencies parts)
    {
        this.options = options;
        this.parts = parts;
        var (pool, self) = (EnsName.Parse(options.PoolEns), EnsName.Parse(options.ClientEns));
        var names = new NameCache(parts.Names, parts.Time);
        content = new ContentReader(parts.Transport.Content, parts.Time);
        var delegations = new DelegationCache(content, parts.Time);
        var signers = new SignerCheck(names, parts.Engine, parts.Time, delegations);
        var own = new OwnDelegation(parts.Delegation, DelegationRoles.Client, pool, signers, parts.Time);
        var revocations = new RevocationListener(parts.Transport, signers, delegations, pool, self, parts.Loggers.CreateLogger<RevocationListener>());
        var listener = new PoolListener(parts.Transport, content, signers, pool, parts.Time, parts.Loggers.CreateLogger<PoolListener>());
        state = new StateSource(parts.Transport, content, listener, new PoolFinder(parts.Transport, parts.Names, pool, parts.Time, parts.Loggers.CreateLogger<PoolFinder>()), pool, parts.Time);
        prices = new PoolPrices(state, listener, options.PoolEns);
        sender = new RetryingSender(parts.Transport, pool, parts.Time, parts.Loggers.CreateLogger<RetryingSender>());
        messages = new ClientMessageFactory(parts.IdentityOf(self, pool), parts.Nonces, parts.Time);
        cancellation = new JobCancellation(messages, sender, life.Token);
        submission = new JobSubmission(sender, new ResultFetcher(content, signers, pool, options.MaxOutputBytes), options, parts.Waits, parts.Time, parts.Loggers.CreateLogger<JobSubmission>());
        var link = new ClientLink(self, pool, parts, names, own, revocations, listener, state, jobs);
        connection = new ClientConnection(options.PoolEns, link, parts.Schedulers, parts.Time, parts.Loggers.CreateLogger<PoolClient>(), life);
    }

    /// <summary>What the pool's name says of where the pool is and can't be used, so far. Hints: the pool may be found without.</summary>
    public IReadOnlyList<Refusal> NameProblems => state.Finder.Problems;

    /// <summary>Whether the client hears its pool, since when, and why not.</summary>
    public PoolConnection Connection => connection.Status.Current;

    /// <summary>How the connection stands now, then each change of it. Ends with the client.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<PoolConnection> WatchConnectionAsync(CancellationToken cancellationToken = default) => connection.Status.WatchAsync(cancellationToken);

    /// <summary>Completes when the client is connected; at once when it is.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP5003: the client has ended.</exception>
    public async Task WaitForConnectionAsync(CancellationToken cancellationToken = default)
    {
        if (!await connection.Status.IsConnectedAsync(cancellationToken))
        {
            throw connection.NotConnected(": it has been stopped");
        }
    }

    /// <summary>Submits a job. Completes when the job is stored and on its way; the handle tells the rest.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <param name="cancellationToken">Gives up before the job is sent; afterwards use <see cref="JobHandle.CancelAsync"/>.</param>
    /// <exception cref="ArgumentException">The job contradicts itself.</exception>
    /// <exception cref="SwarmPoolException">A field is not in its form; the code is what the pool would refuse it with. SP5003: not connected in time.</exception>
    /// <exception cref="TransportException">The input can't be stored.</exception>
    /// <exception cref="InvalidOperationException">The client is not started, or has as many jobs under way as its options allow.</exception>
    public async Task<JobHandle> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        await RequireRoomAsync(cancellationToken);
        spec = await prices.FillAsync(spec, cancellationToken);
        var input = spec.InputCid ?? await parts.Transport.Content.PutAsync(spec.Input, cancellationToken);
        var job = await messages.JobAsync(spec, input, cancellationToken);
        await parts.Transport.Content.PutAsync(job.Bytes, cancellationToken);
        return Drive(job, spec.Replicas, $"The job {job.Cid} is stored and on its way to {options.PoolEns}.");
    }

    /// <summary>The job with what the pool asks for its model in it, where it is to be <see cref="JobSpec.AtPoolPrices"/>; else the same.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP3472: the pool publishes no price for the model. SP5002, SP5003: the pool is not heard, or the client not connected in time.</exception>
    public async Task<JobSpec> PriceAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        await connection.RequireAsync(TimeSpan.FromSeconds(options.ConnectSeconds), cancellationToken);
        return await prices.FillAsync(spec, cancellationToken);
    }

    /// <summary>
    /// Takes up a job again that this name submitted before, by a client that has ended since or on another machine. The very
    /// bytes that were signed then are sent again: the pool does the job once and says what became of it.
    /// </summary>
    /// <param name="job">The job, as <see cref="JobHandle.JobCid"/> named it; its bytes have to be in the content store still.</param>
    /// <param name="cancellationToken">Gives up before the job is sent.</param>
    /// <exception cref="SwarmPoolException">
    /// Its bytes are unavailable (SP2401 to SP2404), are not a snapshot, or are not a job of this client's for this pool (SP3006); SP5003.
    /// </exception>
    /// <exception cref="InvalidOperationException">The client is not started, has the job under way already, or as many as its options allow.</exception>
    public async Task<JobHandle> ResumeAsync(Cid job, CancellationToken cancellationToken = default)
    {
        await RequireRoomAsync(cancellationToken);
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
        await connection.RequireAsync(TimeSpan.FromSeconds(options.ConnectSeconds), cancellationToken);
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

    /// <summary>What is wrong and can be told without the transport.</summary>
    internal Task CheckAsync(CancellationToken cancellationToken) => connection.CheckAsync(cancellationToken);

    /// <summary>Connects before it completes; the transport has started.</summary>
    internal Task StartAsync(CancellationToken cancellationToken) => connection.StartAsync(cancellationToken);

    /// <summary>Connects in the background, transport first.</summary>
    internal Task StartInBackgroundAsync(Func<CancellationToken, Task> transport, CancellationToken cancellationToken) => connection.StartInBackgroundAsync(transport, cancellationToken);

    /// <summary>Ends all jobs under way here with "stopped"; the pool may still do them.</summary>
    internal Task StopAsync() => connection.StopAsync();

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

    private async ValueTask RequireRoomAsync(CancellationToken cancellationToken)
    {
        await connection.RequireAsync(TimeSpan.FromSeconds(options.ConnectSeconds), cancellationToken);
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
