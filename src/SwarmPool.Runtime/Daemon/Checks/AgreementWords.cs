using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Scheduling;

namespace SwarmPool.Runtime.Daemon.Checks;

/// <summary>
/// What the verifier said of which answers agree. The sequencer takes what is known and waits for nothing: what is not known is asked meanwhile, and the rules look
/// at the job again. So neither a verifier that hangs nor one that throws keeps an answer from being recorded in time, or anything else from being decided.
/// </summary>
/// <param name="find">Asks the verifier; the refusal says why it has no word now.</param>
/// <param name="patience">How long an answer that has just come waits for the word before it is recorded without.</param>
/// <param name="scheduler">Where it is asked.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told when there is no word.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class AgreementWords(AgreementWords.Find find, TimeSpan patience, TaskScheduler scheduler, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>The most that are remembered; beyond, the oldest is asked again when it is wanted.</summary>
    public const int Most = 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Task<AgreementFact?>> words = new(StringComparer.Ordinal);
    private readonly Queue<string> order = [];
    private readonly CancellationTokenSource life = new();

    public delegate ValueTask<(AgreementFact? Fact, Refusal? Refusal)> Find(AgreementQuestion question, CancellationToken cancellationToken);

    /// <summary>The word, as far as it is known now: else none (<see cref="AgreementFact.IsUntold"/>), and it is asked for.</summary>
    public AgreementFact Of(AgreementQuestion question) =>
        Asked(question) is { IsCompletedSuccessfully: true, Result: { } told } ? told : AgreementFact.Untold(question.Verifier);

    /// <summary>Asks, and waits a little.</summary>
    public async ValueTask AskAsync(AgreementQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            await Asked(question).WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It goes on, and the rules look again.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        Task[] asked;
        lock (gate)
        {
            asked = [.. words.Values];
        }

        await Task.WhenAll(asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        life.Dispose();
    }

    private Task<AgreementFact?> Asked(AgreementQuestion question)
    {
        var key = question.Key;
        lock (gate)
        {
            if (words.TryGetValue(key, out var known) && (!known.IsCompleted || known is { IsCompletedSuccessfully: true, Result: not null }))
            {
                return known;
            }

            if (known is null)
            {
                order.Enqueue(key);
                if (order.Count > Most)
                {
                    words.Remove(order.Dequeue());
                }
            }

            return words[key] = Loops.Start(scheduler, () => FindAsync(question));
        }
    }

    private async Task<AgreementFact?> FindAsync(AgreementQuestion question)
    {
        try
        {
            var (fact, refusal) = await find(question, life.Token);
            if (refusal is not null)
            {
                DaemonLog.NotCompared(logger, refusal.ToString());
            }

            return fact;
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            return null; // The daemon stops.
        }
        catch (Exception e)
        {
            DaemonLog.NotCompared(logger, e.Message);
            return null;
        }
    }
}
