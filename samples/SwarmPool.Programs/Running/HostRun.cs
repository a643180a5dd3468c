using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Running;

/// <summary>Runs a composed host until it is told to stop, or ends by itself.</summary>
public static class HostRun
{
    /// <summary>Lets logs go to standard error, all of them; without this call nothing is logged.</summary>
    public static SwarmPoolBuilder LogToError(this SwarmPoolBuilder builder, bool verbose)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (verbose)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.Warning);
            builder.Logging.AddSimpleConsole(line =>
            {
                line.SingleLine = true;
                line.TimestampFormat = "HH:mm:ss.fff ";
            });
            builder.Logging.AddConsole(console =>
            {
                console.LogToStandardErrorThreshold = LogLevel.Trace;
                console.QueueFullMode = Microsoft.Extensions.Logging.Console.ConsoleLoggerQueueFullMode.DropWrite; // A stream that stands still must not hold up what is logged.
            });
        }

        return builder;
    }

    /// <summary>Builds the host, starts it, and calls <paramref name="work"/>; afterwards the host is stopped in good order.</summary>
    /// <param name="builder">The composition; the program's own signals replace the host's.</param>
    /// <param name="work">What is done while the host runs.</param>
    /// <param name="stop">Told to stop.</param>
    /// <exception cref="OperationCanceledException">Stopped before it had started.</exception>
    /// <exception cref="Exception">What ended the host: <c>ExitCodes.For</c> knows its exit code.</exception>
    public static async Task<T> WithHostAsync<T>(this SwarmPoolBuilder builder, Func<IServiceProvider, CancellationToken, Task<T>> work, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(work);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();

        // How long a drain may take is for the roles' own options; a second Ctrl-C ends it.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        var host = builder.Build();
        await using var disposal = (IAsyncDisposable)host;
        try
        {
            await host.StartAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await host.StopAsync(CancellationToken.None); // What had started already ends in good order too.
            throw;
        }

        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop, lifetime.ApplicationStopping);
        try
        {
            return await work(host.Services, ends.Token);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>
    /// Runs the host until it is told to stop or ends by itself. To be told so while it starts is no other end than later: there is
    /// nothing that it leaves undone.
    /// </summary>
    public static async Task<int> RunToEndAsync(this SwarmPoolBuilder builder, CancellationToken stop)
    {
        try
        {
            return await builder.WithHostAsync(UntilEndAsync, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Runtime.Errors.ExitCodes.Ok;
        }
    }

    private static async Task<int> UntilEndAsync(IServiceProvider services, CancellationToken ends)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ends.Register(ended.SetResult);
        await ended.Task;
        return Runtime.Errors.ExitCodes.Ok;
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
