using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Checks;
using SwarmPool.Runtime.Daemon.Ingress.Rules;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Retention;
using SwarmPool.Runtime.Daemon.Revocations;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>Gives the sequencer what was let in, with its facts, and replies to whoever sent it.</summary>
internal sealed class MessageHandler(
    Sequencer sequencer, ReplyBatcher replies, PinManager pins, ProofVerification verification, AgreementWords? agreements, MinerPresence presence, RevocationRebroadcaster revocations,
    NameRates rates, IngressCounters counters, IDaemonObserver observer)
{
    private readonly HeartbeatDeduplicator heartbeats = new();

    /// <summary>True once the sequencer takes nothing more.</summary>
    public bool IsOver => sequencer.IsOver;

    public async ValueTask HandleAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        var ended = await RecordDelegationAsync(message, cancellationToken);
        var decision = message.Snapshot.Body switch
        {
            JobSnapshot job => await HandleJobAsync(message, job, cancellationToken),
            ProofSnapshot proof => await HandleProofAsync(message, proof, cancellationToken),
            HeartbeatSnapshot heartbeat => await HandleHeartbeatAsync(message, heartbeat, cancellationToken),
            RevocationSnapshot revocation => await HandleRevocationAsync(message, revocation, cancellationToken),
            _ => await SubmitAsync(message, cancellationToken),
        };
        if (ended is not null && decision.Kind == DecisionKind.Refused)
        {
            decision = ended; // Without the delegation all else is refused, and this says why.
        }

        if (decision.Kind != DecisionKind.Refused && message.Snapshot.Body is MinerSnapshot miner)
        {
            presence.Seen(miner.Miner); // Whatever it sends is a sign of life.
        }

        switch (decision.Kind)
        {
            case DecisionKind.Refused:
                counters.Refuse(decision.Refusal!.Code);
                Answer(message, decision.Refusal);
                break;
            case DecisionKind.Repeated when decision.Job.IsEmpty:
                replies.Repeat(message, decision.Miner);
                break;
            case DecisionKind.Repeated:
                replies.Repeat(message, decision.Job);
                break;
        }
    }

    /// <summary>Announces to the signer why not.</summary>
    public void Answer(IngressMessage message, Refusal refusal)
    {
        refusal = RefusalItems.Announceable(refusal);
        observer.Refused(message.Snapshot.Body.Type, message.Name, refusal.Code, refusal.Reason);
        if (RefusalItems.Of(message.Snapshot, refusal) is var (type, item))
        {
            replies.Refuse(message, type, item);
        }
    }

    private async ValueTask<Decision> HandleJobAsync(IngressMessage message, JobSnapshot job, CancellationToken cancellationToken)
    {
        // What would be refused, or is known, is not stored: a signature alone must not buy room on our disk. Nor is what would be taken by now
        // and was not when its input could have been looked at: its sender repeats it.
        if (message.Job!.InputBytes is not { } inputBytes)
        {
            return message.Job.Decision;
        }

        var facts = new PoolFacts { Signer = message.Signer, InputBytes = inputBytes };

        // Stored before it is decided: once announced, every miner wants to fetch it.
        await pins.StoreAsync(message.Snapshot, message.Delegation?.Signed, cancellationToken);
        var decision = await sequencer.SubmitAsync(message.Input, facts, cancellationToken);
        if (decision.Kind == DecisionKind.Accepted)
        {
            pins.PinJob(message.Snapshot.Cid, job.InputCid, message.Delegation?.Signed, job.Client.Text);
        }

        return decision;
    }

    private async ValueTask<Decision> HandleProofAsync(IngressMessage message, ProofSnapshot proof, CancellationToken cancellationToken)
    {
        // What would be refused whatever the verifier says is refused before anything is fetched for it.
        var facts = new PoolFacts { Signer = message.Signer };
        var preview = await sequencer.PreviewAsync(message.Input, facts, cancellationToken);
        if (preview.Kind != DecisionKind.NeedsVerdict)
        {
            return preview;
        }

        var (verdict, refusal) = await verification.VerifyAsync(message.Snapshot, proof, cancellationToken);
        if (refusal is not null)
        {
            return Decision.Refuse(refusal.Code, refusal.Reason);
        }

        await pins.StoreAsync(message.Snapshot, message.Delegation?.Signed, cancellationToken);
        facts = facts with { Verdict = verdict };
        if (agreements is not null && (await sequencer.PreviewAsync(message.Input, facts, cancellationToken)).Question is { } asked)
        {
            await agreements.AskAsync(asked, cancellationToken); // Mostly told by then, and the job decided by this message.
        }

        var decision = await sequencer.SubmitAsync(message.Input, facts, cancellationToken);
        if (decision.Kind == DecisionKind.Accepted)
        {
            rates.Know(proof.Miner);
            if (!decision.Events.Any(static e => e is CheckProved)) // A checker's answer is nobody's result.
            {
                pins.PinProof(message.Snapshot.Cid, proof, message.Delegation?.Signed);
            }
        }

        return decision;
    }

    private async ValueTask<Decision> HandleRevocationAsync(IngressMessage message, RevocationSnapshot revocation, CancellationToken cancellationToken)
    {
        var decision = await SubmitAsync(message, cancellationToken);
        switch (decision.Kind)
        {
            case DecisionKind.Accepted:
                await pins.StoreAsync(message.Snapshot, null, cancellationToken);
                revocations.Add(message.Snapshot, revocation, decision.Events.OfType<DelegationRevoked>().Single().ExpiresMs);
                break;
            case DecisionKind.Nothing:
                replies.Refuse(message, SnapshotTypes.RevocationsAccepted, new RevocationAcceptedItem(revocation.Name, revocation.Revokes, message.Snapshot.Cid)); // Once more.
                break;
        }

        return decision;
    }

    // A delegation comes before the first message by it. Its refusal is not yet the message's: what was decided before is answered again.
    private async ValueTask<Decision?> RecordDelegationAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        if (message.Delegation is not { Recorded: false } known || message.Snapshot.Body is HeartbeatSnapshot { CurrentJob: null })
        {
            return null;
        }

        var delegator = known.DelegationSigner!;
        var facts = new PoolFacts { Signer = message.Signer with { Account = delegator.Account, ByContract = delegator.ByContract ? true : null, Delegation = null } };
        var decision = await sequencer.SubmitAsync(new MessageInput(known.Signed), facts, cancellationToken);
        if (decision.Kind == DecisionKind.Refused)
        {
            return decision;
        }

        known.Recorded = true;
        return null;
    }

    private async ValueTask<Decision> HandleHeartbeatAsync(IngressMessage message, HeartbeatSnapshot heartbeat, CancellationToken cancellationToken) =>
        !heartbeats.TryTake(heartbeat.Miner, message.Signer.Account, heartbeat.Timestamp, message.Snapshot.Cid) || heartbeat.CurrentJob is null ? Decision.Nothing : await SubmitAsync(message, cancellationToken);

    private ValueTask<Decision> SubmitAsync(IngressMessage message, CancellationToken cancellationToken) =>
        sequencer.SubmitAsync(message.Input, new PoolFacts { Signer = message.Signer }, cancellationToken);
}
