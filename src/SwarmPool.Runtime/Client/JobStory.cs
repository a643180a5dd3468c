using System.Threading.Channels;

namespace SwarmPool.Runtime.Client;

/// <summary>
/// A job's steps in the order in which they happened: accepted, claimed, proved, checked. Topics keep no order among each other and answers are
/// repeated: each step is told once, and what comes after something later was told is not told any more.
/// </summary>
/// <param name="replicas">How many miners the job asks for: with several one may go on while another's attempt has ended.</param>
/// <remarks>Thread-safe; one reader.</remarks>
internal sealed class JobStory(int replicas)
{
    /// <summary>What is told of a job that a miner has, where its acceptance was not heard before.</summary>
    public const string Implied = "The pool has the job.";

    private const int Most = 1024;

    private readonly Lock gate = new();
    private readonly Channel<JobProgress> steps = Channel.CreateBounded<JobProgress>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly HashSet<(JobStage, int, string)> told = [];
    private readonly HashSet<(int Attempt, string Miner)> over = [];
    private JobProgress? held;
    private string queued = "";
    private int waited;
    private int claimed;
    private int ended;
    private bool isProved;
    private bool isLast;

    /// <summary>The step told last; null before the first.</summary>
    public JobProgress? Latest { get; private set; }

    public IAsyncEnumerable<JobProgress> Steps => steps.Reader.ReadAllAsync();

    public void Tell(JobProgress step)
    {
        lock (gate)
        {
            if (!IsNews(step))
            {
                return;
            }

            var waits = step.Stage is JobStage.Waiting or JobStage.NoMiner;
            if (waits && step.Attempt - 1 == claimed && claimed > ended && !isProved && held?.Attempt != step.Attempt)
            {
                // It waits again: how the attempt before ended is on its way, on another topic. Said again this is told all the same.
                held = step;
                return;
            }

            if (waits)
            {
                held = null;
            }
            else if (step.Stage != JobStage.AttemptEnded && step.Attempt >= held?.Attempt)
            {
                Release();
            }

            if (step.Stage == JobStage.Claimed && step.Attempt > Math.Max(waited, claimed))
            {
                Write(new JobProgress(JobStage.Waiting, Implied, step.Attempt)); // Else nobody could have claimed it; its own word comes too late.
            }

            Write(step);
            if (step.Stage == JobStage.AttemptEnded)
            {
                Release();
            }
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void End()
    {
        lock (gate)
        {
            if (!isLast)
            {
                Release();
            }

            isLast = true;
            steps.Writer.TryComplete();
        }
    }

    private bool IsNews(JobProgress step)
    {
        if (isLast || (told.Count >= Most && step.Stage != JobStage.Queued) || told.Contains(KeyOf(step)))
        {
            return false;
        }

        if (step.Stage == JobStage.Queued)
        {
            return step.Attempt > Math.Max(claimed, ended) && step.Attempt == waited && !isProved && step.Text != queued;
        }

        var newest = Math.Max(waited, claimed);
        return step.Stage switch
        {
            JobStage.Deferred => newest == 0 && !isProved,
            JobStage.Waiting or JobStage.NoMiner => step.Attempt > Math.Max(claimed, ended),
            JobStage.Claimed => step.Attempt >= waited && !over.Contains(PartOf(step)),
            JobStage.AttemptEnded => (replicas > 1 || step.Attempt >= newest) && !over.Contains(PartOf(step)),
            _ => true,
        };
    }

    private void Release()
    {
        if (held is { } waiting)
        {
            held = null;
            Write(waiting);
        }
    }

    private void Write(JobProgress step)
    {
        switch (step.Stage)
        {
            case JobStage.Waiting or JobStage.NoMiner:
                waited = Math.Max(waited, step.Attempt);
                break;
            case JobStage.Claimed:
                claimed = Math.Max(claimed, step.Attempt);
                break;
            case JobStage.AttemptEnded:
                ended = Math.Max(ended, step.Attempt);
                over.Add(PartOf(step));
                break;
            case JobStage.Proved:
                claimed = Math.Max(claimed, step.Attempt);
                isProved = true;
                over.Add(PartOf(step));
                break;
            case JobStage.Checking:
                isLast = true;
                break;
        }

        if (step.Stage == JobStage.Queued)
        {
            queued = step.Text; // Told as often as it changes.
        }
        else
        {
            told.Add(KeyOf(step));
        }

        steps.Writer.TryWrite(Latest = step);
    }

    private static (JobStage Stage, int Attempt, string Miner) KeyOf(JobProgress step) => (step.Stage, step.Attempt, step.Miner?.Text ?? "");

    private static (int Attempt, string Miner) PartOf(JobProgress step) => (step.Attempt, step.Miner?.Text ?? "");
}
