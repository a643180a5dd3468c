using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool epoch audit</c>: a sealed epoch, recomputed from what was published.</summary>
internal static class EpochCommand
{
    private const int MaxFileBytes = 65_536;

    public static Command Create(ProgramContext context) => new("epoch", "Looks into sealed epochs, and settles what the pool's policy could not.") { Audit(context), EpochSettleCommand.Create(context) };

    private static Command Audit(ProgramContext context)
    {
        var what = new Argument<string>("CID|FILE") { Description = "The epoch's CID, or a file that holds its snapshot." };
        var policy = PolicyChoice.Option();
        var config = CommonOptions.Config($"{DaemonComposition.File} in the current folder");
        var json = CommonOptions.Json("the result");
        var verbose = CommonOptions.Verbose();
        var command = new Command("audit", "Recomputes a sealed epoch from its published pages: signature, chain, roots, and the split by the configured policy.")
        {
            what, policy, config, json, verbose,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var (bytes, cid) = Named(context, parsed.GetValue(what)!);
            var builder = DaemonComposition.Compose(context, parsed.GetValue(config)).LogToError(parsed.GetValue(verbose));
            builder.Require<ITransport>("the audit").Require<IIdentityProvider>("the audit");

            // The host is not started: contents are read beside a running daemon, whose broker this process must not claim.
            var epoch = await builder.WithPolicyAsync(parsed.GetValue(policy), (services, chosen) => PublishedEpoch.AuditAsync(
                bytes,
                cid,
                services.GetRequiredService<ITransport>().Content,
                services.GetRequiredService<IIdentityProvider>(),
                chosen,
                context.Time,
                stop));
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(new { epoch.Cid, epoch.Snapshot.EpochId, right = epoch.Differences.Count == 0, epoch.SplitChecked, epoch.Snapshot.PolicyReplaced, epoch.Differences }));
            }
            else
            {
                AuditScreen.Show(context.Screen, epoch);
            }

            return epoch.Differences.Count == 0 ? ExitCodes.Ok : ExitCodes.Refused;
        });
        return command;
    }

    private static (ReadOnlyMemory<byte>? Bytes, Cid Cid) Named(ProgramContext context, string what)
    {
        if (Cid.TryParse(what, out var cid))
        {
            return (null, cid);
        }

        var path = context.PathOf(what);
        if (new FileInfo(path) is not { Exists: true, Length: <= MaxFileBytes })
        {
            throw new SwarmPoolException(
                ErrorCodes.ConfigurationMissing, $"'{what}' is neither a CID (CIDv1, base32) nor a file of at most {MaxFileBytes} bytes. 'swarmpool status' names the last sealed epoch.");
        }

        return (File.ReadAllBytes(path), default);
    }
}
