using System.Collections.Concurrent;
using SwarmPool.Identity;
using SwarmPool.Runtime.Miner;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>Writes down what a miner says of itself, a line each, and lets a test wait for a line.</summary>
internal sealed class RecordingMinerObserver : IMinerObserver
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public void Registered(EthAddress address) => Add("registered");

    public void ModelNotOffered(string model, string code, string reason) => Add($"not offered {model} {code} {reason}");

    public void AnotherOfThisName(DateTimeOffset since, bool goesOn) => Add($"another {goesOn}");

    public void JobSeen(JobNewItem job) => Add($"seen {job.Cid} {job.Attempt}");

    public void Claiming(Cid job, int attempt) => Add($"claiming {job} {attempt}");

    public void RegistrationRefused(string code, string reason) => Add($"refused {code}");

    public void ClaimWon(ClaimAcceptedItem claim) => Add($"won {claim.JobCid}");

    public void ClaimLost(Cid job, EnsName winner) => Add($"lost {job} {winner}");

    public void ClaimRefused(Cid job, string code, string reason) => Add($"claim refused {code}");

    public void ClaimDropped(Cid job, string reason) => Add($"dropped {job} {reason}");

    public void Executing(Cid job, string model) => Add($"executing {job}");

    public void Committed(ProofCommittedItem commitment) => Add($"committed {commitment.JobCid} {commitment.Reveal}");

    public void CheckGiven(CheckNewItem check) => Add($"check {check.JobCid} {check.Kind}");

    public void CheckDecided(CheckDecidedItem check) => Add($"decided {check.JobCid} {check.Verdict} {check.Checker}");

    public void ProofAccepted(Cid job, Cid proof, string epochId, long completed) => Add($"accepted {job} {completed}");

    public void ProofRejected(Cid job, string code, string reason) => Add($"proof refused {code}");

    public void Earned(string epochId, Usdc amount, Usdc total) => Add($"earned {epochId} {amount} {total}");

    public void Released(Cid job, string reason, string detail) => Add($"released {job} {reason} {detail}");

    public void LeaseLost(Cid job, string reason) => Add($"lease lost {job} {reason}");

    public void Idle(IdleReason reason, string detail) => Add($"idle {reason} {detail}");

    public int Count(string start) => Lines.Count(l => l.StartsWith(start, StringComparison.Ordinal));

    public async Task ExpectAsync(string start, int times = 1)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (Count(start) < times)
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"'{start}' was not seen {times} times, but:\n{string.Join('\n', Lines)}");
            }

            await Task.Delay(10);
        }
    }

    private void Add(string line) => Lines.Enqueue(line);
}
