using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Pool;

namespace SwarmPool.Runtime.Daemon.Intake.Rules;

/// <summary>The name that the snapshot gives signed it, with an account that may sign for it.</summary>
internal sealed class SignatureRule(SignerCheck signers) : IIntakeRule
{
    public async ValueTask<Refusal?> CheckAsync(IntakeItem item, CancellationToken cancellationToken)
    {
        var (answer, account, byContract, refusal) = await signers.CheckAsync(item.Snapshot, cancellationToken);
        if (refusal is null)
        {
            item.Signer = new NameFact(account, answer!.Payout ?? account, answer.Block, answer.Stake, byContract ? true : null);
        }

        return refusal;
    }
}
