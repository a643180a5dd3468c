using System.Collections.Concurrent;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>A pool that says what the test tells it to, in real bytes with real signatures, and remembers what it heard.</summary>
internal sealed class ScriptedPool : IAsyncDisposable
{
    private static readonly string[] Inbound = ["jobs", "claims", "proofs", "miners", "heartbeats"];

    private readonly CancellationTokenSource life = new();
    private readonly List<Task> loops = [];
    private readonly SemaphoreSlim news = new(0);
    private long fence;
    private long sequence = 100;

    public ScriptedPool(MemoryNet net, Cast cast)
    {
        Net = net;
        Cast = cast;
        foreach (var topic in Inbound)
        {
            var subscription = net.Subscribe($"/{Cast.Pool}/{topic}");
            loops.Add(ListenAsync(subscription));
        }
    }

    public MemoryNet Net { get; }

    public Cast Cast { get; }

    /// <summary>Whether it wants answers committed to before they are shown.</summary>
    public bool Checks { get; set; }

    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Everything heard, in order.</summary>
    public ConcurrentQueue<SignedSnapshot> Heard { get; } = new();

    /// <summary>What the pool does with what it hears; by default it agrees to everything.</summary>
    public Func<Snapshot, Task<bool>> Answer { get; set; } = static _ => Task.FromResult(false);

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        life.Dispose();
        news.Dispose();
    }

    public Task PublishAsync(Snapshot announcement) => SayAsAsync(Cast.Pool, announcement);

    /// <summary>Says it with another's key: a forgery.</summary>
    public async Task SayAsAsync(EnsName signer, Snapshot announcement)
    {
        var signed = await SnapshotCodec.SignAsync(announcement, Cast.SignerOf(signer), CancellationToken.None);
        Net.Publish($"/{Cast.Pool}/{announcement.Type}", signed.Bytes);
    }

    /// <summary>A job of the clinic, stored with its input as a client would.</summary>
    public async Task<SignedSnapshot> StoreJobAsync(
        string model = "queenbee-spine", byte[]? input = null, EnsName? signedBy = null, TimeSpan? deadline = null, string jobType = "image-classification")
    {
        var now = DateTimeOffset.UtcNow;
        var job = await SnapshotCodec.SignAsync(
            new JobSnapshot
            {
                Client = Cast.Clinic,
                Pool = Cast.Pool,
                Network = "local",
                Timestamp = now.ToUnixTimeSeconds(),
                Nonce = Nonce.FromRandom(),
                JobType = jobType,
                Model = model,
                InputCid = Net.Put(input ?? [1, 2, 3]),
                Payment = new JobPayment(Usdc.Parse("0.1")),
                Deadline = (now + (deadline ?? TimeSpan.FromMinutes(10))).ToUnixTimeSeconds(),
            },
            Cast.SignerOf(signedBy ?? Cast.Clinic),
            CancellationToken.None);
        Net.Put(job.Bytes);
        return job;
    }

    public static JobNewItem Waiting(SignedSnapshot job, int attempt = 1, int miners = 1)
    {
        var body = (JobSnapshot)job.Body;
        return new JobNewItem(job.Cid, body.Client, body.JobType, body.Model, body.Payment.Amount, attempt, body.Deadline, miners);
    }

    public Task AnnounceAsync(SignedSnapshot job, int attempt = 1, int miners = 1) =>
        PublishAsync(Fill(new JobsNew { Items = [Waiting(job, attempt, miners)], FromSequence = 0, ToSequence = 0, Pool = default, Network = "", Timestamp = 0, Nonce = "" }));

    public Task GiveAsync(Cid job, EnsName miner, int attempt = 1) => PublishAsync(Accepted(job, miner, attempt));

    public ClaimsAccepted Accepted(Cid job, EnsName miner, int attempt = 1)
    {
        var now = DateTimeOffset.UtcNow;
        var item = new ClaimAcceptedItem(
            job, attempt, miner, Interlocked.Increment(ref fence), (now + Lease).ToUnixTimeMilliseconds(), now.AddHours(1).ToUnixTimeMilliseconds())
        { Commit = Checks ? true : null };
        return Fill(new ClaimsAccepted { Items = [item], FromSequence = 0, ToSequence = 0, Pool = default, Network = "", Timestamp = 0, Nonce = "" });
    }

    public Task EndClaimAsync(Cid job, EnsName miner, string reason = "timeout", int attempt = 1) => PublishAsync(Fill(new ClaimsTimeout
    {
        Items = [new ClaimTimeoutItem(job, attempt, miner, reason)],
        FromSequence = 0,
        ToSequence = 0,
        Pool = default,
        Network = "",
        Timestamp = 0,
        Nonce = "",
    }));

    /// <summary>Refuses what a client sent of a job.</summary>
    public Task RefuseAsync(Cid job, string request, string code) => PublishAsync(Fill(new JobsRejected
    {
        Items = [new JobRejectedItem(job, Cast.Clinic, request, code, "because the test says so")],
        FromSequence = 0,
        ToSequence = 0,
        Pool = default,
        Network = "",
        Timestamp = 0,
        Nonce = "",
    }));

    public Task RefuseClaimAsync(ClaimSnapshot claim, string code) => PublishAsync(Fill(new ClaimsRejected
    {
        Items = [new ClaimRejectedItem(claim.JobCid, claim.Attempt, claim.Miner, "claim", code, "because the test says so")],
        FromSequence = 0,
        ToSequence = 0,
        Pool = default,
        Network = "",
        Timestamp = 0,
        Nonce = "",
    }));

    public Task AcceptProofAsync(ProofSnapshot proof, Cid cid, bool decided = true) => PublishAsync(Fill(new ProofsAccepted
    {
        Items = [new ProofAcceptedItem(proof.JobCid, cid, proof.OutputCid, proof.Attempt, proof.Miner, decided ? "epoch-7" : "", decided)],
        FromSequence = 0,
        ToSequence = 0,
        Pool = default,
        Network = "",
        Timestamp = 0,
        Nonce = "",
    }));

    /// <summary>Takes a commitment, and has it shown now or later.</summary>
    public Task TakeAsync(CommitmentSnapshot commitment, string reveal = RevealTimes.Now) => PublishAsync(Fill(new ProofsCommitted
    {
        Items = [new ProofCommittedItem(commitment.JobCid, commitment.Attempt, commitment.Miner, commitment.Fence, reveal)],
        FromSequence = 0,
        ToSequence = 0,
        Pool = default,
        Network = "",
        Timestamp = 0,
        Nonce = "",
    }));

    /// <summary>Gives a miner a check.</summary>
    public Task CheckAsync(CheckNewItem check) => PublishAsync(Fill(new ChecksNew { Items = [check], FromSequence = 0, ToSequence = 0, Pool = default, Network = "", Timestamp = 0, Nonce = "" }));

    public Task DecideAsync(CheckDecidedItem check) => PublishAsync(Fill(new ChecksDecided { Items = [check], FromSequence = 0, ToSequence = 0, Pool = default, Network = "", Timestamp = 0, Nonce = "" }));

    /// <summary>Refuses a proof, a commitment or what a check says.</summary>
    public Task RefuseProofAsync(Cid job, Cid cid, EnsName miner, string code, int attempt = 1) => PublishAsync(Fill(new ProofsRejected
    {
        Items = [new ProofRejectedItem(job, cid, attempt, miner, code, "because the test says so")],
        FromSequence = 0,
        ToSequence = 0,
        Pool = default,
        Network = "",
        Timestamp = 0,
        Nonce = "",
    }));

    public Task JoinAsync(RegistrationSnapshot registration) => PublishAsync(Fill(new MinersJoined
    {
        Items = [new MinerJoinedItem(registration.Miner, Cast.SignerOf(registration.Miner).Address, registration.Mode, registration.Models, registration.Timestamp)],
        FromSequence = 0,
        ToSequence = 0,
        Pool = default,
        Network = "",
        Timestamp = 0,
        Nonce = "",
    }));

    /// <summary>Puts the common fields into an announcement; each gets the next journal position.</summary>
    public T Fill<T>(T announcement)
        where T : Announcement
    {
        var at = Interlocked.Increment(ref sequence);
        return announcement with
        {
            Pool = Cast.Pool,
            Network = "local",
            Timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            Nonce = Nonce.FromRandom(),
            FromSequence = at,
            ToSequence = at,
        };
    }

    public PoolStateSnapshot State(IReadOnlyList<JobNewItem> pending, long term = 1, long? at = null) => new()
    {
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        Nonce = Nonce.FromRandom(),
        Term = term,
        Sequence = at ?? Interlocked.Increment(ref sequence),
        JournalHead = new string('a', 64),
        Rules = 1,
        TotalJobs = pending.Count,
        TotalProofs = 0,
        TotalVolumeUsdc = Usdc.Zero,
        CurrentEpoch = "epoch-1",
        EpochJobs = 0,
        EpochVolume = Usdc.Zero,
        LastEpochSeal = 0,
        PendingJobs = pending.Count == 0 ? [] : [Net.Put(SnapshotCodec.EncodePage(pending))],
        PendingCount = pending.Count,
        ClaimedJobs = [],
        ClaimedCount = 0,
        ActiveMiners = [],
        MinerCount = 0,
        OnlineMiners = 0,
        HeartbeatSeconds = 30,
        ClaimTimeoutSeconds = 300,
    };

    public async Task PointAtAsync(PoolStateSnapshot state, EnsName? signedBy = null)
    {
        var signed = await SnapshotCodec.SignAsync(state, Cast.SignerOf(signedBy ?? Cast.Pool), CancellationToken.None);
        Net.Pointers[$"{Cast.Pool}/state"] = Net.Put(signed.Bytes);
    }

    public int Count<T>(Func<T, bool>? where = null)
        where T : Snapshot => Heard.Select(h => h.Body).OfType<T>().Count(b => where?.Invoke(b) ?? true);

    /// <summary>Waits until it has heard such a snapshot, the number of the it likes, and returns it.</summary>
    public async Task<SignedSnapshot> ExpectAsync<T>(Func<T, bool>? where = null, int nth = 1)
        where T : Snapshot
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (true)
        {
            var found = Heard.Where(h => h.Body is T body && (where?.Invoke(body) ?? true)).Skip(nth - 1).FirstOrDefault();
            if (found is not null)
            {
                return found;
            }

            await news.WaitAsync(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    private async Task ListenAsync(MemoryNet.Subscription subscription)
    {
        await foreach (var message in subscription.ReadAllAsync(life.Token))
        {
            Assert.True(SnapshotCodec.TryDecode(message.Payload, out var snapshot, out var refusal), refusal?.ToString());
            Heard.Enqueue(snapshot);
            news.Release();
            if (await Answer(snapshot.Body))
            {
                continue;
            }

            switch (snapshot.Body)
            {
                case RegistrationSnapshot registration: await JoinAsync(registration); break;
                case ClaimSnapshot claim: await GiveAsync(claim.JobCid, claim.Miner, claim.Attempt); break;
                case ProofSnapshot proof: await AcceptProofAsync(proof, snapshot.Cid); break;
                case CommitmentSnapshot commitment: await TakeAsync(commitment); break;
                case ReleaseSnapshot release: await EndClaimAsync(release.JobCid, release.Miner, release.Reason, release.Attempt); break;
                case JobSnapshot: await AnnounceAsync(snapshot); break;
                default: break;
            }
        }
    }
}
