using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Is told what a miner does, for screens. Called on the miner's own loops, several of which may run at once: return quickly, throw nothing.</summary>
/// <remarks>Every member has an empty default.</remarks>
public interface IMinerObserver
{
    /// <summary>The miner listens to its pool.</summary>
    void Started(EnsName miner, EnsName pool, MiningMode mode, IReadOnlyList<string> models, IReadOnlyList<string> devices)
    {
    }

    /// <summary>The pool's name says where the pool is, and that can't be used; the miner goes on without.</summary>
    void NameProblem(string code, string reason)
    {
    }

    /// <summary>A model is not offered, since it does not give what a golden vector of its pack says (SP5241, SP5204). Told before the start, once for each vector.</summary>
    void ModelNotOffered(string model, string code, string reason)
    {
    }

    /// <summary>Another program runs under this miner's name (SP3304). Told once for each.</summary>
    /// <param name="since">When it was started, by its own clock.</param>
    /// <param name="goesOn">Whether this program goes on, and that one ends; else this one claims nothing more and ends.</param>
    void AnotherOfThisName(DateTimeOffset since, bool goesOn)
    {
    }

    /// <summary>The pool knows the miner, and pays it at this address as of now.</summary>
    void Registered(EthAddress address)
    {
    }

    /// <summary>The pool refused the registration; it is tried again.</summary>
    void RegistrationRefused(string code, string reason)
    {
    }

    /// <summary>A job that this miner could do.</summary>
    void JobSeen(JobNewItem job)
    {
    }

    /// <summary>The miner asks for a job.</summary>
    void Claiming(Cid job, int attempt)
    {
    }

    /// <summary>The job is this miner's until the lease ends.</summary>
    void ClaimWon(ClaimAcceptedItem claim)
    {
    }

    /// <summary>Another miner has the job.</summary>
    void ClaimLost(Cid job, EnsName winner)
    {
    }

    /// <summary>The pool refused the claim.</summary>
    void ClaimRefused(Cid job, string code, string reason)
    {
    }

    /// <summary>The job ended before anybody could be told who has it, or the pool gave no answer.</summary>
    void ClaimDropped(Cid job, string reason)
    {
    }

    /// <summary>The model runs.</summary>
    void Executing(Cid job, string model)
    {
    }

    /// <summary>How far it is, 0 to 100.</summary>
    void Progress(Cid job, int percent)
    {
    }

    /// <summary>The pool has this miner's commitment to an answer, and wants to see the answer now or when others have committed to theirs.</summary>
    void Committed(ProofCommittedItem commitment)
    {
    }

    /// <summary>The pool gave this miner another's answer to check.</summary>
    void CheckGiven(CheckNewItem check)
    {
    }

    /// <summary>The pool decided about work of this miner that was drawn for a check, or about a check that this miner did.</summary>
    void CheckDecided(CheckDecidedItem check)
    {
    }

    /// <summary>The proof is on its way to the pool.</summary>
    void ProofSent(Cid job, Cid proof)
    {
    }

    /// <summary>The pool accepted the proof; it is paid when the epoch is sealed.</summary>
    /// <param name="job">The job.</param>
    /// <param name="proof">The proof.</param>
    /// <param name="epochId">The epoch it counts in; empty while more replicas are wanted.</param>
    /// <param name="completed">Proofs of this miner accepted since it started.</param>
    void ProofAccepted(Cid job, Cid proof, string epochId, long completed)
    {
    }

    /// <summary>The pool refused the proof.</summary>
    void ProofRejected(Cid job, string code, string reason)
    {
    }

    /// <summary>A sealed epoch pays this miner.</summary>
    /// <param name="epochId">The epoch.</param>
    /// <param name="amount">What it pays.</param>
    /// <param name="total">What sealed epochs have paid since the miner started.</param>
    void Earned(string epochId, Usdc amount, Usdc total)
    {
    }

    /// <summary>The job went back to the pool: "released" or "failed".</summary>
    void Released(Cid job, string reason, string detail)
    {
    }

    /// <summary>The claim is lost: the pool timed it out, or its limit has passed. Nothing is sent for it.</summary>
    void LeaseLost(Cid job, string reason)
    {
    }

    /// <summary>A model is not offered any more until the miner is restarted.</summary>
    /// <param name="model">The model.</param>
    /// <param name="code">SP5226.</param>
    /// <param name="reason">Why.</param>
    void ModelWithdrawn(string model, string code, string reason)
    {
    }

    /// <summary>There is no work, and why. Told when the reason changes.</summary>
    void Idle(IdleReason reason, string detail)
    {
    }

    /// <summary>Nothing that the pool signs has been heard for two minutes, where its state comes once a minute. Told once; the miner goes on listening.</summary>
    /// <param name="silence">For how long.</param>
    void PoolSilent(TimeSpan silence)
    {
    }

    /// <summary>The pool is heard again.</summary>
    /// <param name="silence">For how long it was not.</param>
    void PoolBack(TimeSpan silence)
    {
    }

    /// <summary>The miner stops: it claims nothing more, and ends or gives back what it works on.</summary>
    void Draining(int running)
    {
    }
}

/// <summary>Tells nobody.</summary>
internal sealed class SilentMinerObserver : IMinerObserver;

/// <summary>Why a miner has no work.</summary>
public enum IdleReason
{
    /// <summary>No job waits.</summary>
    NoJobs = 0,

    /// <summary>Jobs wait, but for models that this miner does not offer.</summary>
    NoJobsForModels,

    /// <summary>The pool does not know the miner yet.</summary>
    NotRegistered,

    /// <summary>The pool asked the miner to wait before it claims again.</summary>
    CoolingDown,
}
