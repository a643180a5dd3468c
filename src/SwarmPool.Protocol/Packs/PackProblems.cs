using SwarmPool.Protocol.Errors;

namespace SwarmPool.Protocol.Packs;

/// <summary>All that is wrong with a pack; of a stranger's million problems the first hundred are told, and how many there are.</summary>
internal sealed class PackProblems
{
    private const int Told = 100;

    private readonly List<Refusal> refusals = [];

    public int Count { get; private set; }

    public void Add(string code, string reason)
    {
        if (Count++ < Told)
        {
            refusals.Add(new Refusal(code, reason));
        }
    }

    public IReadOnlyList<Refusal> All() => Count <= Told
        ? refusals
        : [.. refusals, new Refusal(refusals[^1].Code, $"… and {Count - Told} more problems.")];
}
