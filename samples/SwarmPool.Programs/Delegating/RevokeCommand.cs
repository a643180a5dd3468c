using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Keys;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Delegating;

/// <summary><c>delegate revoke</c>: takes a delegation back. The session key is not needed for it, so a stolen machine can't prevent it.</summary>
internal static class RevokeCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create(ProgramContext context, DelegatingRole role)
    {
        var delegation = new Option<string>("--delegation") { Description = "The delegation's file.", HelpName = "FILE", DefaultValueFactory = _ => role.File };
        var config = CommonOptions.Config(role.ConfigFallback);
        var json = CommonOptions.Json("what is to be signed, or was done");
        var verbose = CommonOptions.Verbose();
        var wallet = new WalletSignature();
        var command = new Command("revoke", "Takes a delegation back: prints the text to sign in your wallet, takes the signature, and tells the pool.") { delegation, config, json, verbose };
        wallet.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var path = context.PathOf(parsed.GetValue(delegation)!);
            var screen = new DelegationScreen(context, role, path, parsed.GetValue(json));
            var kept = path + ".revocation";
            SignedSnapshot signed;
            if (wallet.Typed(parsed) is { } typed)
            {
                signed = SessionKeys.Attach(DraftFile.Read<RevocationSnapshot>(kept, $"{role.Program} delegate revoke"), typed);
            }
            else
            {
                var given = SessionKeys.ReadFile(path);
                var draft = SessionKeys.DraftRevocation(given, context.Time);
                if (await wallet.SignAsync(context, parsed, draft, stop) is not { } here)
                {
                    DraftFile.Write(kept, draft);
                    screen.ToRevoke(draft, (DelegationSnapshot)given.Body, SessionKeys.Text(draft));
                    return ExitCodes.Ok;
                }

                signed = here;
            }

            var builder = role.Compose(context, parsed.GetValue(config), new Dictionary<string, string?>())
                .LogToError(parsed.GetValue(verbose)).Require<IIdentityProvider>("revoking").Require<ITransport>("revoking");
            return await builder.WithHostAsync((services, ends) => SendAsync(context, services, signed, kept, screen, ends), stop);
        });
        return command;
    }

    private static async Task<int> SendAsync(
        ProgramContext context, IServiceProvider services, SignedSnapshot signed, string kept, DelegationScreen screen, CancellationToken cancellationToken)
    {
        var names = services.GetRequiredService<IIdentityProvider>();
        var refusal = await SessionKeys.CheckAsync(signed, names, context.Time, cancellationToken);
        if (refusal is not null && refusal.Code is not (ErrorCodes.NameUnavailable or ErrorCodes.NameDisputed))
        {
            throw new SwarmPoolException(refusal.Code, refusal.Reason);
        }

        var answer = await SessionKeys.SendAsync(signed, services.GetRequiredService<ITransport>(), names, Patience, context.Time, cancellationToken);
        if (answer.Confirmed)
        {
            DraftFile.Delete(kept);
        }

        screen.Revoked((RevocationSnapshot)signed.Body, answer, refusal);
        return answer switch
        {
            { Confirmed: true } => ExitCodes.Ok,
            { Refusal: not null } => ExitCodes.Refused,
            _ => ExitCodes.GaveUp,
        };
    }
}
