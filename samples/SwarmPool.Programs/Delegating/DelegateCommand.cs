using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Keys;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Delegating;

/// <summary><c>delegate</c>: lets a session key sign in a name, so that the name's own key stays in its wallet.</summary>
public static class DelegateCommand
{
    /// <summary>Makes the command for a role.</summary>
    public static Command Create(ProgramContext context, DelegatingRole role)
    {
        ArgumentNullException.ThrowIfNull(role);
        var name = new Option<string?>("--ens") { Description = "The name that delegates; without it the configuration's.", HelpName = "NAME" };
        var pool = CommonOptions.Pool();
        var session = new Option<string>("--session-key") { Description = "The session key's file; made when there is none.", HelpName = "FILE", DefaultValueFactory = _ => $"{role.Role}.session.key" };
        var account = new Option<string?>("--account") { Description = "The session key's account, where the key itself is elsewhere.", HelpName = "0xADDRESS" };
        var days = new Option<int>("--days") { Description = "How long it lasts, 1 to 90.", HelpName = "N", DefaultValueFactory = _ => 30 };
        var cap = new Option<string?>("--spending-cap") { Description = "The most that its jobs may cost in all, in USDC.", HelpName = "USDC" };
        var output = new Option<string>("--out") { Description = "The delegation's file.", HelpName = "FILE", DefaultValueFactory = _ => role.File };
        var config = CommonOptions.Config(role.ConfigFallback);
        var json = CommonOptions.Json("what is to be signed, or was made");
        var verbose = CommonOptions.Verbose();
        var wallet = new WalletSignature();
        var command = new Command("delegate", "Lets a session key sign in your name: prints the text to sign in your wallet, and takes the signature back.")
        {
            name, pool, session, account, days, output, config, json, verbose,
        };
        if (role.Role == DelegationRoles.Client)
        {
            command.Add(cap);
        }

        wallet.AddTo(command);
        command.Add(RevokeCommand.Create(context, role));
        command.SetAction(async (parsed, stop) =>
        {
            var said = new Dictionary<string, string?>();
            Overrides.Add(said, role.NameKey, parsed.GetValue(name));
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            var builder = role.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).Require<IIdentityProvider>("delegating");
            var workflow = new DelegationWorkflow(context, role, context.PathOf(parsed.GetValue(output)!), parsed.GetValue(json));
            return await builder.WithServicesAsync(async services =>
            {
                var names = services.GetRequiredService<IIdentityProvider>();
                if (wallet.Typed(parsed) is { } typed)
                {
                    return await workflow.TakeAsync(typed, names, stop);
                }

                var draft = SessionKeys.Draft(
                    NameOf(builder.Configuration[role.NameKey] ?? "", role.NameKey),
                    role.Role,
                    parsed.GetValue(account) is { } typedAccount ? AccountOf(typedAccount) : SessionKeyFile.AccountOf(context.PathOf(parsed.GetValue(session)!)),
                    NameOf(builder.Configuration["pool_ens"] ?? "swarmpool.eth", "pool_ens"),
                    names.Network,
                    Lasts(parsed.GetValue(days)),
                    role.Role == DelegationRoles.Client ? CapOf(parsed.GetValue(cap)) : null,
                    context.Time);
                return await wallet.SignAsync(context, parsed, draft, stop) is { } signed
                    ? await workflow.FinishAsync(signed, names, stop)
                    : workflow.Show(draft);
            });
        });
        return command;
    }

    private static EnsName NameOf(string text, string key) =>
        EnsName.TryParse(text, out var name, out var reason) ? name : throw Wrong($"{key}: {reason}");

    private static EthAddress AccountOf(string typed) =>
        EthAddress.TryParseTyped(typed, out var account, out var problem) ? account : throw Wrong($"--account: '{typed}' {problem}");

    private static TimeSpan Lasts(int days) => days is >= 1 and <= 90
        ? TimeSpan.FromDays(days)
        : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"--days must be between 1 and 90, not {days}"));

    private static Usdc CapOf(string? typed) => Usdc.TryParse(typed ?? "", out var cap)
        ? cap
        : throw Wrong("--spending-cap: say the most that its jobs may cost in all, in USDC with at most 6 places, like 100 or 12.5");

    private static SwarmPoolException Wrong(string what) => new(ErrorCodes.ConfigurationInvalid, what + ".");
}
