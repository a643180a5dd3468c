using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Runtime.Metering;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>Asks the pool's rules what they would decide about a job, so that nothing is fetched for one that they refuse or know. Refuses nothing itself.</summary>
/// <param name="sequencer">Has the rules.</param>
/// <param name="rates">Learn which clients are known.</param>
internal sealed class JobPreviewRule(Sequencer sequencer, NameRates rates) : IIngressRule
{
    public async ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        if (message.Snapshot.Body is JobSnapshot job && message.Objection is null)
        {
            var facts = new PoolFacts { Signer = message.Signer };
            message.Job = await sequencer.AskAsync(
                state => new JobPreview(sequencer.Preview(state, message.Input, facts), state.Miners.WithStanding(job.Client).Count > 0), cancellationToken);
            if (message.Job.ClientIsKnown)
            {
                rates.Know(job.Client);
            }
        }

        return null;
    }
}

/// <summary>
/// A job's input is there, no larger than the pool takes, has its CID, and what the job pays by is counted in it: else the job is refused, and its client told why. So no miner
/// claims what nobody can do.
/// </summary>
/// <param name="known">
/// Whether this rule is for clients that some miner has done work for, or for all others. Each have a line of their own: inputs that
/// nobody has, under new names, delay no client that is known here.
/// </param>
internal sealed class InputRule(RationedReader inputs, bool known) : IFetchingRule
{
    public bool AnswersSender => true;

    // A worker takes its job on to the sequencer and waits there for the disk: as many as jobs have that wait for nothing (IngressPipeline).
    public int Workers => known ? 64 : 32;

    public bool MustFetch(IngressMessage message) => message.Job is { NeedsInput: true } job && job.ClientIsKnown == known;

    public async ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        if (!MustFetch(message))
        {
            return null;
        }

        var (_, refusal) = await inputs.UseAsync<JobPreview>(((JobSnapshot)message.Snapshot.Body).InputCid, Look, cancellationToken);
        return refusal;

        ValueTask<(JobPreview?, Refusal?)> Look(ReadOnlyMemory<byte> input)
        {
            message.Job!.InputBytes = input.Length;
            return new((message.Job, UsageCounter.Against((JobSnapshot)message.Snapshot.Body, input)));
        }
    }
}
