using System.CommandLine;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Keys;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Delegating;

/// <summary>How the name's own signature comes back: typed, from a wallet; or made here, where its key is in a file.</summary>
internal sealed class WalletSignature
{
    private readonly Option<string?> signature = new("--signature") { Description = "The signature that the wallet gave for the text printed before.", HelpName = "0xHEX" };
    private readonly Option<string?> walletKey = new("--wallet-key-file") { Description = "Sign here and now with the name's own key from a file, mode 0600. Better in a wallet.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(signature);
        command.Add(walletKey);
    }

    /// <summary>The signature that was typed; null when none was.</summary>
    public string? Typed(ParseResult parsed) => parsed.GetValue(signature);

    /// <summary>Signs with the key in the file; null when none is named.</summary>
    public async Task<SignedSnapshot?> SignAsync(ProgramContext context, ParseResult parsed, Snapshot draft, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(walletKey) is not { } file)
        {
            return null;
        }

        using var signer = KeyLoader.Load(new SignerOptions { KeyFile = context.PathOf(file) }, $"the name {draft.Signer}");
        return await SnapshotCodec.SignAsync(draft, signer, cancellationToken);
    }
}
