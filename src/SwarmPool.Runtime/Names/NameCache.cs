using SwarmPool.Identity;
using SwarmPool.Runtime.Collections;

namespace SwarmPool.Runtime.Names;

/// <summary>
/// What names resolve to: each answer kept for its lifetime, one request in flight a name, bounded in size.
/// "Can't tell now" is passed on as such, never turned into a yes or a no; only a name that was known lives on for the grace
/// that its answer came with.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class NameCache(IIdentityProvider provider, TimeProvider time, int most = NameCache.MostNames)
{
    /// <summary>Names that are remembered.</summary>
    public const int MostNames = 200_000;

    /// <summary>How long one question to the provider may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<EnsName, Entry> entries = [];

    public string Network => provider.Network;

    /// <summary>How many names are remembered.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    public async ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (!entries.TryGetValue(name, out entry!) || entry.IsOver(time, now))
            {
                var known = entry?.Last;
                MakeRoom(now);
                entry = new Entry(AskAsync(name, known));
                entries[name] = entry;
            }
        }

        var (answer, last) = await entry.Asked.WaitAsync(cancellationToken);
        entry.Start(time.GetTimestamp(), answer.ValidFor, last);
        return answer;
    }

    /// <summary>What an account that is a contract says of a signature. Not remembered: the same message rarely comes twice.</summary>
    public async ValueTask<ContractCheckResult> AskContractAsync(
        EthAddress account, ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await provider.AskContractAsync(account, hash, signature, either.Token).AsTask().WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ContractCheckResult(ContractStatus.Unavailable, 0, $"it could not be asked within {Patience.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A provider's fault is no answer about the signature, and must not end the loop that asked.
            return new ContractCheckResult(ContractStatus.Unavailable, 0, $"asking it failed: {e.GetType().Name}: {e.Message}");
        }
    }

    private async Task<(IdentityAnswer Answer, LastKnown? Last)> AskAsync(EnsName name, LastKnown? last)
    {
        var answer = await AskProviderAsync(name);
        return answer.Status switch
        {
            IdentityStatus.Known => (answer, answer.Grace > TimeSpan.Zero ? new LastKnown(answer, time.GetTimestamp()) : null),
            IdentityStatus.Unavailable or IdentityStatus.Disputed when last?.LivesFor(time) is { } left && left > TimeSpan.Zero =>
                (last.Answer with { ValidFor = left < answer.ValidFor ? left : answer.ValidFor }, last),
            _ => (answer, null),
        };
    }

    // One asker's impatience must not fail the others that wait for the same name, so the request has its own time limit.
    private async Task<IdentityAnswer> AskProviderAsync(EnsName name)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            // Off the caller's stack: it holds the lock, and a provider may work before it first awaits.
            await Task.Yield();
            return await provider.ResolveAsync(name, limit.Token).AsTask().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return IdentityAnswer.Unavailable(RetryAfter, $"{name} could not be looked up within {Patience.TotalSeconds:0} s");
        }
        catch (Exception e)
        {
            // A provider's fault is no answer about the name, and must not end the loop that asked.
            return IdentityAnswer.Unavailable(RetryAfter, $"looking up {name} failed: {e.GetType().Name}: {e.Message}");
        }
    }

    private void MakeRoom(long now)
    {
        if (entries.Count < most)
        {
            return;
        }

        foreach (var (name, entry) in entries)
        {
            if (entry.IsOver(time, now))
            {
                entries.Remove(name);
            }
        }

        if (entries.Count >= most)
        {
            Crowding.Thin(entries, static entry => entry.Worth); // Made-up names give way to those that there are, and of these the ones asked longest ago.
        }
    }

    private sealed class Entry(Task<(IdentityAnswer Answer, LastKnown? Last)> asked)
    {
        private long since = -1;
        private long lifetimeTicks;

        public Task<(IdentityAnswer Answer, LastKnown? Last)> Asked { get; } = asked;

        public LastKnown? Last { get; private set; }

        /// <summary>The higher, the longer it is kept: a name that there is, and one asked lately.</summary>
        public double Worth => Interlocked.Read(ref since) is var start && Asked is { IsCompletedSuccessfully: true, Result.Answer.Status: IdentityStatus.Known } ? start : start - (double)long.MaxValue;

        public void Start(long timestamp, TimeSpan validFor, LastKnown? last)
        {
            // All who waited say the same; the time comes last, since it is what makes the entry end.
            Last = last;
            Interlocked.Exchange(ref lifetimeTicks, validFor.Ticks);
            Interlocked.CompareExchange(ref since, timestamp, -1);
        }

        public bool IsOver(TimeProvider time, long now)
        {
            var start = Interlocked.Read(ref since);
            return start != -1 && time.GetElapsedTime(start, now).Ticks > Interlocked.Read(ref lifetimeTicks);
        }
    }

    /// <summary>What a name was when it was last known, and since when that is known.</summary>
    private sealed record LastKnown(IdentityAnswer Answer, long At)
    {
        public TimeSpan LivesFor(TimeProvider time) => Answer.ValidFor + Answer.Grace - time.GetElapsedTime(At);
    }
}
