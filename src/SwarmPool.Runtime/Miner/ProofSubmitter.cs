using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Brings a result to the pool: output stored, proof signed and stored, and sent until the pool answers.</summary>
internal sealed class ProofSubmitter(IContentStore content, MinerMessageFactory messages, RetryingSender sender, IMinerObserver observer, TimeProvider time, ILogger<ProofSubmitter> logger)
{
    private static readonly TimeSpan StoreWait = TimeSpan.FromSeconds(1);

    /// <summary>The pool's answer. Throws only when cancelled: the claim was lost, or the miner stops.</summary>
    /// <param name="session">The dealings with the job.</param>
    /// <param name="work">What is shown.</param>
    /// <param name="salt">What opens its commitment; null where there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ProofOutcome> DeliverAsync(ClaimSession session, FinishedWork work, string? salt, CancellationToken cancellationToken)
    {
        await StoreAsync("The output", work.Output, cancellationToken);
        foreach (var part in work.Evidence ?? [])
        {
            await StoreAsync("The evidence", part, cancellationToken);
        }

        while (true)
        {
            var proof = await messages.ProofAsync(work, salt, cancellationToken);
            await StoreAsync("The proof", proof.Bytes, cancellationToken);
            session.Sends(proof);
            observer.ProofSent(work.Claim.JobCid, proof.Cid);
            if (await SendAsync(proof, session, cancellationToken))
            {
                return await session.Proved;
            }
        }
    }

    private async Task<bool> SendAsync(SignedSnapshot proof, ClaimSession session, CancellationToken cancellationToken)
    {
        using var fresh = new CancellationTokenSource(Freshness.SignAnewAfter, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(fresh.Token, cancellationToken);
        try
        {
            await sender.SendUntilAsync(proof, session.Proved, both.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task StoreAsync(string what, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await content.PutAsync(bytes, cancellationToken);
                return;
            }
            catch (TransportException e) when (e.Fault != TransportFault.TooLarge)
            {
                MinerLog.NotStored(logger, what, e.Message);
                await Task.Delay(StoreWait, time, cancellationToken);
            }
        }
    }
}

/// <summary>What the pool said to a proof.</summary>
/// <param name="Accepted">The acceptance; null when refused.</param>
/// <param name="Code">The refusal's code.</param>
/// <param name="Reason">The refusal's reason.</param>
internal sealed record ProofOutcome(ProofAcceptedItem? Accepted, string Code = "", string Reason = "");
