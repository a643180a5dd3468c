using System.Globalization;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Protocol.Evidence;
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
    public async Task<ProofOutcome> DeliverAsync(
        ClaimSession session, ClaimAcceptedItem claim, string model, InferenceResult result, TimeSpan took, CancellationToken cancellationToken)
    {
        var output = await StoreAsync("The output", result.Output, cancellationToken);
        var evidence = result.Evidence.IsEmpty ? null : new ProofEvidenceName(await StoreAsync("The evidence", result.Evidence, cancellationToken), EvidencePages.Root(result.Evidence));
        var metrics = new ProofMetrics
        {
            InferenceSeconds = took.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture),
            Confidence = result.Confidence,
            Model = model,
            PackCid = claim.PackCid,
            ModelSha256 = result.Class.ModelSha256,
            Runtime = result.Class.Runtime,
            Device = result.Class.Device,
            Precision = result.Class.Precision,
        };
        while (true)
        {
            var proof = await messages.ProofAsync(claim, output, metrics, cancellationToken, evidence);
            await StoreAsync("The proof", proof.Bytes, cancellationToken);
            session.ProofSent = true;
            observer.ProofSent(claim.JobCid, proof.Cid);
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

    private async Task<Cid> StoreAsync(string what, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await content.PutAsync(bytes, cancellationToken);
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
