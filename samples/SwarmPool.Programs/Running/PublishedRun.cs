using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Reporting;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Programs.Running;

/// <summary>Runs a command that shows what a pool has published: it answers within seconds, and says what is missing.</summary>
public static class PublishedRun
{
    private const int DefaultSeconds = 10;

    /// <summary>How long it may take.</summary>
    public static Option<int?> Timeout() => CommonOptions.Timeout($"Take at most so long, then end with exit code 6. Without it: {DefaultSeconds}, and exit code 8 when it is the transport that is missing.");

    /// <summary>Reads and shows.</summary>
    /// <param name="context">The program's surroundings.</param>
    /// <param name="builder">The composition, with a pool reader.</param>
    /// <param name="seconds">What <see cref="Timeout"/> says; null for the default.</param>
    /// <param name="read">Reads; is given the reader and how long it may wait for the pool.</param>
    /// <param name="show">Shows what was read.</param>
    /// <param name="stop">Told to stop.</param>
    /// <exception cref="SwarmPoolException">SP5001 or SP5002: nothing was read in time; the message says what was waited for.</exception>
    public static async Task<int> RunAsync<T>(
        ProgramContext context, SwarmPoolBuilder builder, int? seconds, Func<PoolReader, TimeSpan, CancellationToken, Task<T>> read, Action<T> show, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(builder);
        var waits = builder.TellWaits(context);
        using var limit = new TimeLimit(seconds ?? DefaultSeconds, context.Time);
        return await limit.RunAsync(
            within => builder.WithHostAsync(
                async (services, ends) =>
                {
                    var reader = services.GetRequiredService<PoolReader>();
                    var all = limit.Span;
                    var found = await services.GetRequiredService<Waits>().RunAsync(new Wait("a state that the pool has signed", null, all), () => read(reader, all / 2, ends));
                    NameProblems.Show(context, reader.NameProblems);
                    show(found);
                    return ExitCodes.Ok;
                },
                within),
            why => throw Missing(seconds, limit.Span, waits, why),
            stop);
    }

    private static SwarmPoolException Missing(int? seconds, TimeSpan span, WaitScreen waits, Exception? why) => new(
        seconds is null && waits.Pending?.IsTransport == true ? ErrorCodes.TransportUnavailable : ErrorCodes.PoolNotHeard,
        $"Nothing of the pool was read within {span.TotalSeconds:0} s.{waits.Explain()}{(why is null ? "" : $" {why.Message}")} Check the pool's name, the transport, and that its daemon runs.");
}
