using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Programs.Auditing;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Programs.Client.Commands;

/// <summary><c>swarm-client audit</c>: whether the money went where it should, by what the pool has published. Needs no key.</summary>
internal static class AuditCommand
{
    private const string DefaultPolicy = "SwarmPool.Plugins.Settlement7525";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create(ProgramContext context)
    {
        var what = new Argument<string?>("CID|FILE")
        {
            Description = "The epoch's CID, or a file that holds its snapshot. Without it: the last epoch that the pool's signed state names.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var pool = CommonOptions.Pool();
        var policy = PolicyChoice.Option(DefaultPolicy);
        var config = CommonOptions.Config($"{ClientComposition.File} in the current folder, else a pool on this machine");
        var verbose = CommonOptions.Verbose();
        var options = new AuditOptions();
        var command = new Command("audit", "Recomputes a pool's epochs from what was published: signatures, decisions, roots, sums and splits.")
        {
            what, pool, policy, config, verbose,
        };
        options.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var said = new Dictionary<string, string?>();
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            var builder = ClientComposition.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).AddPoolReader();
            builder.TellWaits(context);
            return builder.WithPolicyAsync(parsed.GetValue(policy) ?? DefaultPolicy, policyOf => builder.WithHostAsync(
                (services, ends) => new AuditRun(context, options).RunAsync(
                    parsed,
                    services,
                    policyOf(services),
                    policyAsked: parsed.GetValue(policy) is not null,
                    published => parsed.GetValue(what) is { } typed
                        ? AuditOptions.EpochAsync(context, typed, published, ends)
                        : LastAsync(context, services, published, ends),
                    EnsName.TryParse(builder.Configuration["pool_ens"], out var named, out _) ? named : null,
                    ends),
                stop));
        });
        return command;
    }

    private static async Task<SignedSnapshot> LastAsync(ProgramContext context, IServiceProvider services, PoolAuditor published, CancellationToken stop)
    {
        var reader = services.GetRequiredService<PoolReader>();
        var view = await services.GetRequiredService<Waits>().RunAsync(new Wait("a state that the pool has signed", null, Patience), () => reader.ReadAsync(Patience, stop));
        NameProblems.Show(context, reader.NameProblems);
        return view.State.LastEpoch is { } last
            ? await published.FetchAsync(last, stop)
            : throw new SwarmPoolException(ErrorCodes.EpochNotClosed, $"{view.State.Pool} has sealed no epoch yet: {view.State.CurrentEpoch} is open.");
    }
}
