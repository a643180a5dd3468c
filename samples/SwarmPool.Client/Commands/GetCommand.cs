using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Client.Screens;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Roles;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Client.Commands;

/// <summary><c>swarm-client get</c>: what has become of a job, and its output. Needs no key.</summary>
internal static class GetCommand
{
    private const int DefaultSeconds = 30;

    public static Command Create(ProgramContext context)
    {
        var job = new Argument<string>("CID") { Description = "The job's CID, as 'submit' printed it." };
        var pool = CommonOptions.Pool();
        var output = new Option<string?>("--output") { Description = "Write the job's output to this file.", HelpName = "FILE" };
        var timeout = CommonOptions.Timeout($"Take at most so long, then end with exit code 6. Without it: {DefaultSeconds}.");
        var config = CommonOptions.Config($"{ClientComposition.File} in the current folder, else a pool on this machine");
        var json = CommonOptions.Json("the result");
        var verbose = CommonOptions.Verbose();
        var command = new Command("get", "Says what has become of a job, and brings its output, checked. It asks by the job's own bytes: a job that never reached the pool reaches it by this.")
        {
            job, pool, output, timeout, config, json, verbose,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var cid = CidOf(parsed.GetRequiredValue(job));
            var said = new Dictionary<string, string?>();
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            using var limit = new TimeLimit(parsed.GetValue(timeout) ?? DefaultSeconds, context.Time);
            var builder = ClientComposition.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).AddJobLookup();
            var waits = builder.TellWaits(context);
            var screen = new ReportScreen(context, parsed.GetValue(json), parsed.GetValue(output));
            return await limit.RunAsync(
                within => builder.WithHostAsync(
                    async (services, ends) => screen.Show(await services.GetRequiredService<Waits>().RunAsync(
                        new Wait("what the pool says of the job", null, limit.Span), () => services.GetRequiredService<JobLookup>().FindAsync(cid, limit.Span / 2, ends))), within),
                why => throw new SwarmPoolException(ErrorCodes.PoolNotHeard, $"Nothing of the job {cid} was found within {limit.Span.TotalSeconds:0} s.{waits.Explain()}{Why(why)} Check the pool's name, the transport, and that its daemon runs."),
                stop);
        });
        return command;
    }

    /// <summary>The CID that was typed.</summary>
    /// <exception cref="SwarmPoolException">SP2011: it is none.</exception>
    public static Cid CidOf(string typed) => Cid.TryParse(typed, out var cid)
        ? cid
        : throw new SwarmPoolException(ErrorCodes.BadField, $"'{typed}' is not a job's CID (CIDv1, base32), as 'swarm-client submit' prints it.");

    private static string Why(Exception? fault) => fault is null ? "" : $" {fault.Message}";
}
