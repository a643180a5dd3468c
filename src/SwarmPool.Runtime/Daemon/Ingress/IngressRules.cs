using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// The rules that every message passes, in the order given and each once: whatever a rule charges is charged once, however often a message
/// has to wait between two rules. Cheap rules belong first, so that garbage costs its sender more than us.
/// </summary>
internal sealed class IngressRules(params IReadOnlyList<IIngressRule> rules)
{
    /// <summary>The rules that messages may have to wait for.</summary>
    public IEnumerable<IFetchingRule> Fetching => rules.OfType<IFetchingRule>();

    /// <summary>Takes a message on from the rule where it stopped, until it is in, refused, or has to wait for content.</summary>
    /// <param name="message">The message.</param>
    /// <param name="mayFetch">True in a worker of the rule that it waited for: that rule fetches now. The next one has workers of its own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<IngressResult> CheckAsync(IngressMessage message, bool mayFetch, CancellationToken cancellationToken)
    {
        while (message.RulesPassed < rules.Count)
        {
            var rule = rules[message.RulesPassed];
            if (!mayFetch && rule is IFetchingRule fetching && fetching.MustFetch(message))
            {
                return new IngressResult(null, false, fetching);
            }

            mayFetch = false;
            message.RulesPassed++; // Before it is asked: one that throws has charged what it charges, too.
            if (await rule.CheckAsync(message, cancellationToken) is not { } refusal)
            {
                continue;
            }

            if (!rule.AnswersSender)
            {
                return new IngressResult(refusal, false, null);
            }

            message.Objection ??= refusal;
        }

        return new IngressResult(message.Objection, true, null);
    }
}

/// <summary>How far a message has come. <c>default</c> lets it in.</summary>
/// <param name="Refusal">What stands against it; null when nothing does, or it waits.</param>
/// <param name="Answerable">With a refusal: whether its signer is known, who is then told. Else it is counted and dropped: there is nobody to answer.</param>
/// <param name="WaitsFor">The rule that has to fetch something before the message can go on; null when all rules were asked or one refused.</param>
internal readonly record struct IngressResult(Refusal? Refusal, bool Answerable, IFetchingRule? WaitsFor);
