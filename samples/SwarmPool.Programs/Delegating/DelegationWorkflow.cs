using SwarmPool.Files;
using SwarmPool.Identity;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Keys;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Delegating;

/// <summary>A delegation on its way: drafted, signed, checked, written.</summary>
internal sealed class DelegationWorkflow(ProgramContext context, DelegatingRole role, string path, bool json)
{
    private readonly DelegationScreen screen = new(context, role, path, json);

    /// <summary>Keeps the draft and shows what is to be signed.</summary>
    public int Show(DelegationSnapshot draft)
    {
        var text = SessionKeys.Text(draft);
        DraftFile.Write(path, draft);
        screen.ToSign(draft, text);
        return ExitCodes.Ok;
    }

    /// <summary>Takes the wallet's signature back.</summary>
    public Task<int> TakeAsync(string signature, IIdentityProvider names, CancellationToken cancellationToken) =>
        FinishAsync(SessionKeys.Attach(DraftFile.Read<DelegationSnapshot>(path, $"{role.Program} delegate"), signature), names, cancellationToken);

    /// <summary>Checks who signed, and writes the file.</summary>
    /// <exception cref="SwarmPoolException">It was not the name: nothing is written.</exception>
    public async Task<int> FinishAsync(SignedSnapshot signed, IIdentityProvider names, CancellationToken cancellationToken)
    {
        var refusal = await SessionKeys.CheckAsync(signed, names, context.Time, cancellationToken);
        if (refusal is not null && refusal.Code is not (ErrorCodes.NameUnavailable or ErrorCodes.NameDisputed))
        {
            throw new SwarmPoolException(refusal.Code, refusal.Reason);
        }

        OwnFile.Write(path, signed.Bytes.Span);
        DraftFile.Delete(path);
        screen.Delegated(signed, refusal);
        return ExitCodes.Ok;
    }
}
