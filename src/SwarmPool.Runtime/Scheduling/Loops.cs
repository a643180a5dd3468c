namespace SwarmPool.Runtime.Scheduling;

/// <summary>How a role's loops are started and ended.</summary>
internal static class Loops
{
    /// <summary>Starts a loop on the scheduler; all that it awaits goes on there.</summary>
    public static Task Start(TaskScheduler scheduler, Func<Task> loop) =>
        Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    /// <summary>As <see cref="Start(TaskScheduler, Func{Task})"/>, with a result.</summary>
    public static Task<T> Start<T>(TaskScheduler scheduler, Func<Task<T>> loop) =>
        Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    /// <summary>Runs until <paramref name="main"/> ends or a service does, then cancels the rest and waits for it. The first fault is thrown.</summary>
    public static async Task RunWhileAsync(Task main, IReadOnlyList<Task> services, CancellationTokenSource life)
    {
        Task[] all = [main, .. services];
        var first = await Task.WhenAny(all);
        life.Cancel();
        foreach (var task in all)
        {
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        await first;
    }
}
