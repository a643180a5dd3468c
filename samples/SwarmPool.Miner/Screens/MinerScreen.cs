using System.Collections.Concurrent;
using SwarmPool.Identity;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Miner;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Miner.Screens;

/// <summary>What the miner does, for people. Every line names its job: several may be at work.</summary>
public sealed class MinerScreen(Terminal terminal, Story story) : IMinerObserver
{
    private const int ProgressStep = 25;

    private readonly ConcurrentDictionary<Cid, int> shownProgress = new();

    /// <inheritdoc/>
    public void Started(EnsName miner, EnsName pool, MiningMode mode, IReadOnlyList<string> models, IReadOnlyList<string> devices) => story.Open(() =>
    {
        terminal.Box("SWARM MINER STARTED",
        [
            ("Miner:", miner.Text),
            ("Pool:", pool.Text),
            ("Mode:", mode.ToString()),
            ("Models:", string.Join(", ", models)),
            ("Devices:", string.Join(", ", devices)),
            ("", ""),
            ("", "Watching for jobs..."),
        ]);
        terminal.Line();
    });

    /// <inheritdoc/>
    public void NameProblem(string code, string reason) => story.Head($"! {code}: {reason}", Tone.Warn);

    /// <inheritdoc/>
    public void ModelNotOffered(string model, string code, string reason) => story.Head($"! {model} is not offered: {code}: {reason}", Tone.Warn);

    /// <inheritdoc/>
    public void AnotherOfThisName(DateTimeOffset since, bool goesOn) => story.Head(
        $"! {ErrorCodes.MinerNameTaken}: another program mines under this name, started {Times.Utc(since.ToUnixTimeMilliseconds())}: {(goesOn ? "this one goes on, the other ends" : "this one ends")}", Tone.Warn);

    /// <inheritdoc/>
    public void Registered(EthAddress address) => Good($"Registered with the pool. Paid at {address}");

    /// <inheritdoc/>
    public void RegistrationRefused(string code, string reason) => Bad($"Registration refused: {code}: {reason}");

    /// <inheritdoc/>
    public void JobSeen(JobNewItem job)
    {
        ArgumentNullException.ThrowIfNull(job);
        story.Head($"NEW JOB: {Short(job.Cid)} ({job.Model}, {job.Reward} USDC{(job.Funding == JobFunding.Unfunded ? ", unfunded" : "")}){(job.Attempt > 1 ? $", attempt {job.Attempt}" : "")}", Tone.Strong);
    }

    /// <inheritdoc/>
    public void Claiming(Cid job, int attempt) => story.Head($"  Claiming {Short(job)}...");

    /// <inheritdoc/>
    public void ClaimWon(ClaimAcceptedItem claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        Good($"Claim accepted! {Short(claim.JobCid)}");
    }

    /// <inheritdoc/>
    public void ClaimLost(Cid job, EnsName winner) => Bad($"Claim not accepted: {Short(job)} lost to {winner}");

    /// <inheritdoc/>
    public void ClaimRefused(Cid job, string code, string reason) => Bad($"Claim refused: {Short(job)}: {code}: {reason}");

    /// <inheritdoc/>
    public void ClaimDropped(Cid job, string reason) => story.Head($"  Claim dropped: {Short(job)}: {reason}");

    /// <inheritdoc/>
    public void Executing(Cid job, string model) => story.Head($"  Executing {Short(job)} with {model}...");

    /// <inheritdoc/>
    public void Progress(Cid job, int percent)
    {
        if (percent is > 0 and < 100 && percent >= shownProgress.GetValueOrDefault(job) + ProgressStep)
        {
            shownProgress[job] = percent;
            story.Head($"  {percent} % of {Short(job)}");
        }
    }

    /// <inheritdoc/>
    public void Committed(ProofCommittedItem commitment)
    {
        ArgumentNullException.ThrowIfNull(commitment);
        story.Head($"  Committed: {Short(commitment.JobCid)}{(commitment.Reveal == RevealTimes.Wait ? "; it is checked by another, so its answer is shown when both have committed" : "")}");
    }

    /// <inheritdoc/>
    public void CheckGiven(CheckNewItem check)
    {
        ArgumentNullException.ThrowIfNull(check);
        story.Head($"CHECK: {Short(check.JobCid)} ({check.Model}): {(check.Kind == CheckKinds.Run ? "do it too" : "score its answer")}", Tone.Strong);
    }

    /// <inheritdoc/>
    public void CheckDecided(CheckDecidedItem check)
    {
        ArgumentNullException.ThrowIfNull(check);
        story.Head(
            $"{(check.Verdict == CheckVerdicts.Wrong ? "✗" : "✓")} {VerdictText.Of(check)}", check.Verdict switch { CheckVerdicts.Wrong => Tone.Bad, CheckVerdicts.Right => Tone.Good, _ => Tone.Plain });
    }

    /// <inheritdoc/>
    public void ProofSent(Cid job, Cid proof)
    {
        shownProgress.TryRemove(job, out _);
        story.Head($"  Proof submitted: {Short(proof)} for {Short(job)}");
    }

    /// <inheritdoc/>
    public void ProofAccepted(Cid job, Cid proof, string epochId, long completed) => Good(
        $"Proof accepted! {Short(job)}{(string.IsNullOrEmpty(epochId) ? "; more replicas are wanted" : $" counts in {epochId}, paid when that is sealed")}. Completed: {completed}");

    /// <inheritdoc/>
    public void ProofRejected(Cid job, string code, string reason) => Bad($"Proof refused: {Short(job)}: {code}: {reason}");

    /// <inheritdoc/>
    public void Earned(string epochId, Usdc amount, Usdc total) => Good($"Earned: {amount} USDC by {epochId} (Total: {total} USDC)");

    /// <inheritdoc/>
    public void Released(Cid job, string reason, string detail)
    {
        shownProgress.TryRemove(job, out _);
        story.Head($"! Given back ({reason}): {Short(job)}: {detail}", Tone.Warn);
    }

    /// <inheritdoc/>
    public void LeaseLost(Cid job, string reason)
    {
        shownProgress.TryRemove(job, out _);
        Bad($"Claim lost: {Short(job)}: {reason}");
    }

    /// <inheritdoc/>
    public void ModelWithdrawn(string model, string code, string reason) => Bad($"{code}: {model} is not offered any more until a restart: {reason}");

    /// <inheritdoc/>
    public void Idle(IdleReason reason, string detail) => story.Head($"  No work: {detail}", reason == IdleReason.NoJobs ? Tone.Dim : Tone.Warn);

    /// <inheritdoc/>
    public void PoolSilent(TimeSpan silence) =>
        story.Head($"! Nothing has been heard of the pool for {Times.Span(silence)}, not even its state: its daemon may be down. This miner goes on listening.", Tone.Warn);

    /// <inheritdoc/>
    public void PoolBack(TimeSpan silence) => Good($"The pool is heard again, after {Times.Span(silence)}");

    /// <inheritdoc/>
    public void Draining(int running) =>
        story.Head(running == 0 ? "Stopping." : $"Stopping. Jobs at work: {running}; they are ended or given back. Ctrl-C again ends at once.", Tone.Warn);

    private static string Short(Cid cid) => cid.ToShortString();

    private void Good(string text) => story.Head($"✓ {text}", Tone.Good);

    private void Bad(string text) => story.Head($"✗ {text}", Tone.Bad);
}
