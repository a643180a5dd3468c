using System.CommandLine;
using SwarmPool.Identity;
using SwarmPool.Programs.Auditing;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Running;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool epoch audit</c>: a pool's epochs, recomputed from what was published.</summary>
internal static class EpochCommand
{
    public static Command Create(ProgramContext context) => new("epoch", "Lists epochs, looks into sealed ones, and settles what the pool's policy could not.") { EpochListCommand.Create(context), Audit(context), EpochSettleCommand.Create(context) };

    private static Command Audit(ProgramContext context)
    {
        var what = new Argument<string>("CID|FILE") { Description = "The epoch's CID, or a file that holds its snapshot." };
        var policy = PolicyChoice.Option();
        var config = CommonOptions.Config($"{DaemonComposition.File} in the current folder");
        var verbose = CommonOptions.Verbose();
        var options = new AuditOptions();
        var command = new Command("audit", "Recomputes an epoch, and all that it stands on, from what was published: signatures, decisions, roots, sums and splits.")
        {
            what, policy, config, verbose,
        };
        options.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var builder = DaemonComposition.Compose(context, parsed.GetValue(config)).LogToError(parsed.GetValue(verbose));
            builder.Require<ITransport>("the audit").Require<IIdentityProvider>("the audit");

            // The host is not started: contents are read beside a running daemon, whose broker this process must not claim.
            return builder.WithPolicyAsync(parsed.GetValue(policy), policyOf => builder.WithServicesAsync(services => new AuditRun(context, options).RunAsync(
                parsed,
                services,
                policyOf(services),
                policyAsked: true,
                pool => AuditOptions.EpochAsync(context, parsed.GetValue(what)!, pool, stop),
                expected: null, // An operator may look into any pool's epochs.
                stop)));
        });
        return command;
    }
}
