using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Discovery;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>
/// Finds out what has become of a job, whoever submitted it, and brings its output, checked. It needs no key. The pool is asked by the job's
/// own bytes, which makes it say again what it decided (and which it takes now if they never reached it and are in time); what it no longer
/// remembers is looked for in what it has published.
/// </summary>
/// <remarks>Thread-safe. Made by <c>builder.AddJobLookup()</c>.</remarks>
public sealed class JobLookup
{
    private static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly ITransport transport;
    private readonly IIdentityProvider names;
    private readonly ISignatureEngine engine;
    private readonly EnsName pool;
    private readonly int maxOutputBytes;
    private readonly TimeProvider time;
    private readonly ILoggerFactory loggers;

    internal JobLookup(ITransport transport, IIdentityProvider names, ISignatureEngine engine, EnsName pool, int maxOutputBytes, TimeProvider time, ILoggerFactory loggers)
    {
        this.transport = transport;
        this.names = names;
        this.engine = engine;
        this.pool = pool;
        this.maxOutputBytes = maxOutputBytes;
        this.time = time;
        this.loggers = loggers;
    }

    /// <summary>Finds a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="patience">How long the pool's answer is waited for, and then how long the output of a decided job is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">
    /// SP5002: nothing of the pool's was heard or found. SP2101: the job is for another pool. Or something published is unavailable; the code says why.
    /// </exception>
    /// <exception cref="TransportException">The transport can't be listened to now.</exception>
    public async Task<JobReport> FindAsync(Cid job, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var content = new ContentReader(transport.Content, time);
        var signers = new SignerCheck(new NameCache(names, time), engine, time, new DelegationCache(content, time));
        var listener = new PoolListener(transport, content, signers, pool, time, loggers.CreateLogger<PoolListener>());
        var finder = new PoolFinder(transport, names, pool, time, loggers.CreateLogger<PoolFinder>());
        var state = new StateSource(transport, content, listener, finder, pool, time);
        await state.LookAsync(life.Token);
        var ears = await listener.StartAsync(ClientLink.HeardTopics, life.Token);
        var jobs = new JobEventDispatcher();
        var search = new Search(job, patience, content, state, listener, new ResultFetcher(content, signers, pool, maxOutputBytes), this);
        var found = search.RunAsync(jobs, life.Token);
        await Loops.RunWhileAsync(found, [ears, HearAsync(listener, jobs, life.Token)], life);
        return await found;
    }

    private static async Task HearAsync(PoolListener listener, JobEventDispatcher jobs, CancellationToken cancellationToken)
    {
        await foreach (var said in listener.Heard.ReadAllAsync(cancellationToken))
        {
            jobs.Hear(said.Body);
        }
    }

    private sealed class Search(Cid job, TimeSpan patience, ContentReader content, StateSource state, PoolListener listener, ResultFetcher results, JobLookup parts)
    {
        public async Task<JobReport> RunAsync(JobEventDispatcher jobs, CancellationToken stop)
        {
            var (fetched, refusal) = await content.FetchSnapshotAsync<JobSnapshot>(job, FetchPatience, stop);
            if (refusal is { Code: ErrorCodes.UnknownType })
            {
                throw new SwarmPoolException(refusal.Code, $"{refusal.Reason} Name a job's CID, as 'submit' prints it.");
            }

            if (fetched is not null && fetched.Body.Pool != parts.pool)
            {
                throw new SwarmPoolException(ErrorCodes.WrongPool, $"The job {job} is for {fetched.Body.Pool}, not for {parts.pool}: ask that pool.");
            }

            var tracker = new JobTracker(job, fetched?.Body.Replicas ?? 1);
            jobs.TryOpen(job, tracker);
            return (fetched is null ? null : await AskAsync(fetched.Signed, tracker, stop)) ?? await ReadAsync(fetched, refusal, stop);
        }

        /// <summary>What the pool says of it; null when it doesn't answer, or no longer knows it.</summary>
        private async Task<JobReport?> AskAsync(SignedSnapshot signed, JobTracker tracker, CancellationToken stop)
        {
            using var limit = new CancellationTokenSource(patience, parts.time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            var sender = new RetryingSender(parts.transport, parts.pool, parts.time, parts.loggers.CreateLogger<RetryingSender>());
            try
            {
                await sender.SendUntilAsync(signed, tracker.Answered, both.Token);
                if (tracker.Completion.IsFaulted)
                {
                    await tracker.Completion;
                }

                return tracker.Latest is { Stage: JobStage.Proved } proved
                    ? await FetchAsync(await tracker.Decided.WaitAsync(AskAgain, parts.time, both.Token), stop)
                    : Condition(tracker.Latest);
            }
            catch (TimeoutException)
            {
                return Condition(tracker.Latest); // Proved, and not yet by as many as the job asks for.
            }
            catch (JobRejectedException old) when (old.Code == ErrorCodes.DeadlinePassed)
            {
                return null; // In time once, or never: what was published tells.
            }
            catch (JobRejectedException refused)
            {
                return new JobReport(job, JobCondition.Refused, $"The pool refused it: {refused.Code}: {refused.Reason}") { Code = refused.Code };
            }
            catch (JobFailedException failed)
            {
                return new JobReport(job, failed.Reason == JobFailedException.Cancelled ? JobCondition.Cancelled : JobCondition.Failed, failed.Message)
                {
                    Reason = failed.Reason,
                    Miner = failed.Miner,
                    Detail = failed.Detail,
                };
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return null;
            }
        }

        private JobReport Condition(JobProgress? step) => step?.Stage switch
        {
            JobStage.Claimed => new JobReport(job, JobCondition.Claimed, step.Text) { Miner = step.Miner },
            JobStage.Proved => new JobReport(job, JobCondition.Claimed, $"{step.Text} More replicas are wanted.") { Miner = step.Miner },
            _ => new JobReport(job, JobCondition.Waiting, step?.Text ?? "It waits for a miner.") { Match = step?.Match, Queue = step?.Queue },
        };

        private async Task<JobReport> ReadAsync(TypedSnapshot<JobSnapshot>? fetched, Refusal? missing, CancellationToken stop)
        {
            var read = await state.ReadPointerAsync(stop) ?? listener.NewestSigned ?? throw new SwarmPoolException(
                ErrorCodes.PoolNotHeard,
                $"{parts.pool} did not answer, and no signed state of it was found. Check the pool's name, the transport, and that its daemon runs.{string.Concat(state.Finder.Problems.Select(static problem => $" {problem}"))}");
            var body = (PoolStateSnapshot)read.Body;
            var published = new PublishedJobs(content, state.Pages, parts.pool);
            if (await published.InStateAsync(job, body, stop) is { } open)
            {
                return open;
            }

            var paid = await published.InEpochsAsync(job, fetched?.Body, body, stop);
            return paid.Items.Count > 0 ? await PaidAsync(paid, fetched?.Body.Replicas ?? 1, stop) : Forgotten(fetched?.Body, missing, paid.Unread, body);
        }

        /// <summary>The epoch names proofs and miners; what else submitting would have been told is in the proofs, which are checked as there.</summary>
        private async Task<JobReport> PaidAsync(PaidProofs paid, int replicas, CancellationToken stop)
        {
            var tracker = new JobTracker(job, replicas);
            Refusal? unread = null;
            foreach (var item in paid.Items)
            {
                (var proof, var refusal) = await content.FetchSnapshotAsync<ProofSnapshot>(item.ProofCid, FetchPatience, stop);
                unread ??= refusal;
                if (proof is not null)
                {
                    tracker.OnProved(new ProofAcceptedItem(job, item.ProofCid, proof.Body.OutputCid, proof.Body.Attempt, item.Miner, paid.EpochId, Decided: true));
                }
            }

            return tracker.Decided.IsCompletedSuccessfully
                ? await FetchAsync(await tracker.Decided, stop)
                : new JobReport(job, JobCondition.Decided, $"It was paid in {paid.EpochId}, but its proofs can't be had{(unread is null ? " or don't agree." : $": {unread}")}") { Miner = paid.Items[0].Miner, Code = unread?.Code };
        }

        private async Task<JobReport> FetchAsync(ProofAcceptedItem item, CancellationToken stop)
        {
            var started = parts.time.GetTimestamp();
            while (true)
            {
                var (result, refusal) = await results.ReadAsync(job, item, stop);
                if (result is not null)
                {
                    return new JobReport(job, JobCondition.Decided, $"{item.Miner} did it; it is paid in {item.EpochId}.") { Miner = item.Miner, Result = result };
                }

                if (!PassingRefusals.Contains(refusal!.Code))
                {
                    return Withheld(item, refusal, $"The pool accepted the proof {item.ProofCid} of {item.Miner}, but it does not stand up: {refusal}. Nothing of it is returned.");
                }

                if (parts.time.GetElapsedTime(started) >= patience)
                {
                    return Withheld(item, refusal, $"{item.Miner} did it, but proof or output can't be had now: {refusal}");
                }

                await Task.Delay(AskAgain, parts.time, stop);
            }
        }

        private JobReport Withheld(ProofAcceptedItem item, Refusal refusal, string text) =>
            new(job, JobCondition.Decided, text) { Miner = item.Miner, Code = refusal.Code };

        private JobReport Forgotten(JobSnapshot? signed, Refusal? missing, Refusal? unread, PoolStateSnapshot newest)
        {
            var isOver = signed is not null && signed.Deadline * 1000 < parts.time.GetUtcNow().ToUnixTimeMilliseconds();
            var text = missing is not null ? $"Nobody has the job's own bytes any more ({missing.Code}), and the pool's lists don't name it."
                : isOver ? "Its deadline has passed and the pool no longer knows it."
                : "The pool didn't answer, and its last state doesn't name the job: it never had it, or has just decided it.";
            var paid = unread is not null ? $"Not all of its sealed epochs could be read: {unread}"
                : $"No sealed epoch paid for it; {newest.CurrentEpoch} is open still.";
            return new JobReport(job, JobCondition.Forgotten, $"{text} {paid}") { Code = (missing ?? unread)?.Code };
        }
    }
}
