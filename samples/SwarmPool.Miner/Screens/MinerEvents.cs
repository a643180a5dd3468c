using SwarmPool.Identity;
using SwarmPool.Programs.Reporting;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Miner;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Miner.Screens;

/// <summary>What the miner does, for machines: one JSON object a line.</summary>
public sealed class MinerEvents(EventWriter events) : IMinerObserver
{
    /// <inheritdoc/>
    public void Started(EnsName miner, EnsName pool, MiningMode mode, IReadOnlyList<string> models, IReadOnlyList<string> devices) =>
        events.Write("started", new { miner, pool, mode, models, devices });

    /// <inheritdoc/>
    public void NameProblem(string code, string reason) => events.Write("name_problem", new { code, reason });

    /// <inheritdoc/>
    public void ModelNotOffered(string model, string code, string reason) => events.Write("model_not_offered", new { model, code, reason });

    /// <inheritdoc/>
    public void AnotherOfThisName(DateTimeOffset since, bool goesOn) =>
        events.Write("another_of_this_name", new { code = ErrorCodes.MinerNameTaken, since = since.ToUnixTimeMilliseconds(), goesOn });

    /// <inheritdoc/>
    public void Registered(EthAddress address) => events.Write("registered", new { address });

    /// <inheritdoc/>
    public void RegistrationRefused(string code, string reason) => events.Write("registration_refused", new { code, reason });

    /// <inheritdoc/>
    public void JobSeen(JobNewItem job) => events.Write("job_seen", job);

    /// <inheritdoc/>
    public void Claiming(Cid job, int attempt) => events.Write("claiming", new { jobCid = job, attempt });

    /// <inheritdoc/>
    public void ClaimWon(ClaimAcceptedItem claim) => events.Write("claim_won", claim);

    /// <inheritdoc/>
    public void ClaimLost(Cid job, EnsName winner) => events.Write("claim_lost", new { jobCid = job, winner });

    /// <inheritdoc/>
    public void ClaimRefused(Cid job, string code, string reason) => events.Write("claim_refused", new { jobCid = job, code, reason });

    /// <inheritdoc/>
    public void ClaimDropped(Cid job, string reason) => events.Write("claim_dropped", new { jobCid = job, reason });

    /// <inheritdoc/>
    public void Executing(Cid job, string model) => events.Write("executing", new { jobCid = job, model });

    /// <inheritdoc/>
    public void Progress(Cid job, int percent) => events.Write("progress", new { jobCid = job, percent });

    /// <inheritdoc/>
    public void Committed(ProofCommittedItem commitment) => events.Write("committed", commitment);

    /// <inheritdoc/>
    public void CheckGiven(CheckNewItem check) => events.Write("check_given", check);

    /// <inheritdoc/>
    public void CheckDecided(CheckDecidedItem check) => events.Write("check_decided", check);

    /// <inheritdoc/>
    public void ProofSent(Cid job, Cid proof) => events.Write("proof_sent", new { jobCid = job, proofCid = proof });

    /// <inheritdoc/>
    public void ProofAccepted(Cid job, Cid proof, string epochId, long completed) =>
        events.Write("proof_accepted", new { jobCid = job, proofCid = proof, epochId, completed });

    /// <inheritdoc/>
    public void ProofRejected(Cid job, string code, string reason) => events.Write("proof_rejected", new { jobCid = job, code, reason });

    /// <inheritdoc/>
    public void Earned(string epochId, Usdc amount, Usdc total) => events.Write("earned", new { epochId, amount, total });

    /// <inheritdoc/>
    public void Released(Cid job, string reason, string detail) => events.Write("released", new { jobCid = job, reason, detail });

    /// <inheritdoc/>
    public void LeaseLost(Cid job, string reason) => events.Write("lease_lost", new { jobCid = job, reason });

    /// <inheritdoc/>
    public void ModelWithdrawn(string model, string code, string reason) => events.Write("model_withdrawn", new { model, code, reason });

    /// <inheritdoc/>
    public void Idle(IdleReason reason, string detail) => events.Write("idle", new { reason = Word(reason), detail });

    /// <inheritdoc/>
    public void PoolSilent(TimeSpan silence) => events.Write("pool_silent", new { silence_seconds = (long)silence.TotalSeconds });

    /// <inheritdoc/>
    public void PoolBack(TimeSpan silence) => events.Write("pool_back", new { silence_seconds = (long)silence.TotalSeconds });

    /// <inheritdoc/>
    public void Draining(int running) => events.Write("draining", new { running });

    private static string Word(IdleReason reason) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
