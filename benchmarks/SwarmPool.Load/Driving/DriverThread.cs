namespace SwarmPool.Load.Driving;

/// <summary>Runs the driver on one thread of its own, so that its CPU can be told from the daemon's.</summary>
internal static class DriverThread
{
    public static Task<T> RunAsync<T>(Func<T> drive)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(drive());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        {
            Name = "driver",
            IsBackground = true,
        };
        thread.Start();
        return done.Task;
    }
}
