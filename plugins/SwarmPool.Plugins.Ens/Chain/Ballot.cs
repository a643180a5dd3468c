using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens.Chain;

/// <summary>What several nodes say of one thing.</summary>
/// <typeparam name="T">What they say.</typeparam>
/// <param name="nodes">The nodes.</param>
/// <param name="needed">How many have to say the same.</param>
/// <param name="key">What makes two answers the same; null for one that says nothing.</param>
internal sealed class Ballot<T>(IReadOnlyList<NodeView> nodes, int needed, Func<T, object?> key)
{
    private readonly List<(Endpoint Node, T Answer)> answers = [];

    /// <summary>Those that said something, and what.</summary>
    public IReadOnlyList<(Endpoint Node, T Answer)> Said => [.. answers.Where(one => key(one.Answer) is not null)];

    /// <summary>Those that said nothing, and why.</summary>
    public IReadOnlyList<T> Silent => [.. answers.Where(one => key(one.Answer) is null).Select(static one => one.Answer)];

    /// <summary>Whether two have said different things.</summary>
    public bool IsDisputed => Said.Select(one => key(one.Answer)).Distinct().Count() > 1;

    /// <summary>Takes answers as they come, until so many are the same.</summary>
    /// <param name="asked">An answer of each node, in their order; none throws.</param>
    /// <returns>What they agree on, and how many of them; 0 when too few do.</returns>
    public async Task<(T? Agreed, int Count)> CountAsync(IReadOnlyList<Task<T>> asked)
    {
        var open = asked.Select((task, i) => (Task: task, Node: nodes[i].Node.Endpoint)).ToDictionary(static one => one.Task, static one => one.Node);
        await foreach (var done in Task.WhenEach(asked))
        {
            var answer = await done;
            answers.Add((open[done], answer));
            if (key(answer) is { } said && answers.Count(one => said.Equals(key(one.Answer))) is var count && count >= needed)
            {
                return (answer, count);
            }
        }

        return (default, 0);
    }
}
