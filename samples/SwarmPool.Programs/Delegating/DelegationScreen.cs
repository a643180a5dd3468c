using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Keys;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Delegating;

/// <summary>What a delegation means, in people's words, and what to do next.</summary>
internal sealed class DelegationScreen(ProgramContext context, DelegatingRole role, string path, bool json)
{
    private string File => Path.GetRelativePath(context.Folder, path);

    public void ToSign(DelegationSnapshot draft, string text)
    {
        if (json)
        {
            context.Out.WriteLine(JsonText.Document(new
            {
                status = "to_sign",
                draft.Name,
                draft.Role,
                draft.Pool,
                draft.Network,
                draft.Key,
                draft.Expires,
                draft.SpendingCap,
                text,
                file = File,
            }));
            return;
        }

        Meaning(draft);
        context.Screen.Line();
        var lines = draft.SpendingCap is null ? "pool, role, key and until" : "pool, role, key, until and spending cap";
        Sign(draft, text, $"Your wallet shows these lines. Sign only if {lines} are what you want there too.", $"{role.Program} delegate --out {File} --signature 0x...");
    }

    public void Delegated(SignedSnapshot signed, Refusal? unchecked_)
    {
        var delegation = (DelegationSnapshot)signed.Body;
        if (json)
        {
            context.Out.WriteLine(JsonText.Document(new
            {
                status = "delegated",
                delegation.Name,
                delegation.Role,
                delegation.Pool,
                delegation.Key,
                delegation.Expires,
                delegation.SpendingCap,
                signed.Digest,
                signed.Cid,
                file = File,
                @checked = unchecked_ is null,
            }));
            return;
        }

        context.Screen.Line($"✓ {delegation.Name} has signed: the delegation is in {File}", Tone.Good, hang: 2);
        Unchecked(unchecked_);
        Meaning(delegation);
        context.Screen.Line();
        context.Screen.Line("Next:", Tone.Strong);
        context.Screen.Line($"  Set \"delegation_file\": \"{File}\" in the configuration, name the session key there, and start {role.Program}.");
        context.Screen.Line($"  Lost the key, or the machine? {role.Program} delegate revoke --delegation {File}");
    }

    public void ToRevoke(RevocationSnapshot draft, DelegationSnapshot delegation, string text)
    {
        if (json)
        {
            context.Out.WriteLine(JsonText.Document(new { status = "to_sign", draft.Name, draft.Pool, draft.Network, draft.Revokes, text, delegation = File }));
            return;
        }

        context.Screen.Line($"{draft.Name} takes a delegation back", Tone.Strong);
        context.Screen.Facts(
        [
            ("Session key:", ChecksumAddress.Of(delegation.Key)),
            ("At the pool:", $"{draft.Pool} ({draft.Network})"),
            ("It was for:", $"a {delegation.Role}, until {Times.Utc(delegation.Expires * 1000)}"),
            ("From then on:", "it signs nothing more in your name. It can't be given back: delegate anew."),
        ]);
        context.Screen.Line();
        Sign(draft, text, "Your wallet shows these lines; 'revokes' is what the delegation showed as 'sha256'.", $"{role.Program} delegate revoke --delegation {File} --signature 0x...");
    }

    public void Revoked(RevocationSnapshot revocation, RevocationAnswer answer, Refusal? unchecked_)
    {
        if (json)
        {
            context.Out.WriteLine(JsonText.Document(new
            {
                status = answer switch { { Confirmed: true } => "revoked", { Refusal: not null } => "refused", _ => "sent" },
                revocation.Name,
                revocation.Pool,
                revocation.Revokes,
                answer.Refusal?.Code,
                answer.Refusal?.Reason,
                @checked = unchecked_ is null,
            }));
            return;
        }

        Unchecked(unchecked_);
        if (answer.Confirmed)
        {
            context.Screen.Line($"✓ Taken back: {revocation.Pool} takes nothing more that the session key signs.", Tone.Good, hang: 2);
        }
        else if (answer.Refusal is { } refused)
        {
            context.Screen.Line($"✗ {revocation.Pool} did not take it back ({refused.Code}): {refused.Reason}", Tone.Bad, hang: 2);
            context.Screen.Line();
            context.Screen.Line("What to do:", Tone.Strong);
            context.Screen.Line(refused.Code == ErrorCodes.TooManyDelegations
                ? "  Run the same command again when one of them has expired, until the pool confirms it. Nothing has to be signed anew."
                : $"  Fix what it says, and run '{role.Program} delegate revoke' again. docs/errors.md has more on {refused.Code}.");
        }
        else
        {
            context.Screen.Line($"! Sent, but {revocation.Pool} did not confirm it. Run the same command again until it does.", Tone.Warn, hang: 2);
        }
    }

    private void Unchecked(Refusal? refusal)
    {
        if (refusal is not null)
        {
            context.Screen.Line($"! Who signed it could not be checked now ({refusal.Code}: {refusal.Reason})", Tone.Warn, hang: 2);
        }
    }

    private void Meaning(DelegationSnapshot delegation)
    {
        context.Screen.Line($"{delegation.Name} lets a session key sign for it, as a {delegation.Role}", Tone.Strong);
        var rows = new List<(string, string)>
        {
            ("Session key:", ChecksumAddress.Of(delegation.Key)),
            ("At the pool:", $"{delegation.Pool} ({delegation.Network})"),
            ("It may:", role.Allows),
            ("Until:", Times.Utc(delegation.Expires * 1000)),
            ("It never can:", role.Cannot),
        };
        if (delegation.SpendingCap is { } cap)
        {
            rows.Insert(3, ("Up to:", $"{cap} USDC in all, open and paid jobs together"));
        }

        context.Screen.Facts(rows);
    }

    private void Sign(Snapshot draft, string text, string compare, string next)
    {
        context.Screen.Line($"Sign this text with the wallet of {draft.Signer} (personal_sign), exactly as it stands:", Tone.Strong);
        context.Screen.Line();
        foreach (var line in text.Split('\n'))
        {
            context.Screen.Whole(line);
        }

        context.Screen.Line();
        context.Screen.Line(compare);
        context.Screen.Line();
        context.Screen.Line("Then bring the signature back:", Tone.Strong);
        context.Screen.Whole($"  {next}");
    }
}
