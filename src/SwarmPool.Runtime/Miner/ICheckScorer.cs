using SwarmPool.Inference;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>Scores another miner's answer by what is known of how it was made, without making it again.</summary>
/// <remarks>
/// Thread-safe. Answers the same for the same proof, evidence and model. What it can't score, as an answer of another numeric class or evidence that it
/// doesn't understand, has no positions and says why in <see cref="CheckScores.Detail"/>: that is no result, and never held against anybody.
/// </remarks>
internal interface ICheckScorer
{
    /// <summary>Whether it scores jobs of this kind; else a check of one is given back.</summary>
    /// <param name="jobType">The job's kind.</param>
    bool Scores(string jobType);

    /// <summary>Scores it.</summary>
    /// <param name="work">The answer, and what it answers.</param>
    /// <param name="cancellationToken">Gives up: the check is given back.</param>
    /// <exception cref="InferenceException">The model can't be run here: the check is given back.</exception>
    ValueTask<CheckScores> ScoreAsync(ScoredWork work, CancellationToken cancellationToken);
}

/// <summary>An answer that is to be scored; all of it fetched and checked against its CIDs.</summary>
/// <param name="Request">The job: the model, as the backend calls it here, its kind and its input.</param>
/// <param name="Job">The job as it was signed.</param>
/// <param name="Proof">The executor's proof.</param>
/// <param name="Output">The output that the proof names.</param>
/// <param name="Evidence">What the proof names as its evidence; empty when it names none.</param>
internal sealed record ScoredWork(InferenceRequest Request, JobSnapshot Job, ProofSnapshot Proof, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Evidence);

/// <summary>Scores of an answer, as <see cref="CheckSnapshot"/> says them.</summary>
/// <param name="Positions">Positions that were scored; 0: no result.</param>
/// <param name="ExactWins">Those at which this model gives the same.</param>
/// <param name="MarginMicro">The clipped mean margin, in millionths.</param>
/// <param name="TopDistanceMicro">How far the likeliest tokens are apart, in millionths.</param>
/// <param name="Class">What kind of arithmetic scored it.</param>
/// <param name="Detail">Without a result: why, in one line of 1 to 200 characters; else null.</param>
internal sealed record CheckScores(int Positions, int ExactWins, long MarginMicro, long TopDistanceMicro, Inference.NumericClass Class, string? Detail = null);
