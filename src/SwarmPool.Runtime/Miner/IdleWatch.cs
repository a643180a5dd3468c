using System.Globalization;
using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Runtime.Miner;

/// <summary>Says why there is no work, when there is none and the reason is a new one.</summary>
internal sealed class IdleWatch(JobWatch watch, JobEventDispatcher dispatcher, Registration registration, ClaimPause pause, SilenceWatch silence, string models, IMinerObserver observer, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private IdleReason? told;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Every, time, cancellationToken);
            var (reason, detail) = Look();
            if (reason != told && reason is { } news)
            {
                observer.Idle(news, detail);
            }

            told = reason;
        }
    }

    private (IdleReason? Reason, string Detail) Look()
    {
        if (dispatcher.Count > 0 || silence.IsTold)
        {
            return (null, "");
        }

        if (!registration.IsRegistered)
        {
            return (IdleReason.NotRegistered, registration.LastRefusal.Length > 0
                ? $"the pool refuses the registration: {registration.LastRefusal}"
                : "the pool has not answered the registration yet");
        }

        if (pause.Current is { } current)
        {
            return (IdleReason.CoolingDown, string.Create(CultureInfo.InvariantCulture, $"waiting until {current.Until:HH:mm:ss} UTC: {current.Why}"));
        }

        if (watch.Count > 0)
        {
            return (null, "");
        }

        if (watch.UnfitJobs > 0)
        {
            return (IdleReason.NoJobsForModels, $"no job for my models ({models}) that I could do: {watch.UnfitJobs} asked for more than I registered, or pay less than min_price");
        }

        return watch.ForeignJobs > 0
            ? (IdleReason.NoJobsForModels, $"no job for my models ({models}); {watch.ForeignJobs} asked for others")
            : (IdleReason.NoJobs, "no job waits");
    }
}
