using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Abi;
using SwarmPool.Plugins.Ens.Chain;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>
/// The records that say where a pool is: its latest state by the text record <see cref="StateKey"/> or, where that is not set, by the
/// contenthash, and its peers by the text record <see cref="PeersKey"/>. What can't be used is told and left out, since all are hints.
/// </summary>
internal static class LocationRecords
{
    /// <summary>The text record with the location of the pool's latest state. It goes before the contenthash, which may be the pool's web site.</summary>
    public const string StateKey = "swarmpool.state";

    /// <summary>The text record with the pool's peers, with commas between them.</summary>
    public const string PeersKey = "swarmpool.transport";

    public static NameQuery Query(EnsName name) => new(
        name, static node => [ResolverCalls.TextOf(node, StateKey), ResolverCalls.ContenthashOf(node), ResolverCalls.TextOf(node, PeersKey)]);

    public static (PoolLocation Place, IReadOnlyList<string> Problems) Read(NameReading reading)
    {
        var problems = new List<string>();
        var state = TextOf(reading.Records[0], StateKey, problems);
        if (string.IsNullOrWhiteSpace(state))
        {
            state = ContenthashOf(reading.Records[1], problems);
        }

        var place = PoolLocation.Read(state, TextOf(reading.Records[2], PeersKey, problems), problems.Add);
        return (place, problems);
    }

    // A resolver without such records reverts, or has no such function: then nothing is said.
    private static string? TextOf(ContractAnswer answer, string key, List<string> problems)
    {
        if (answer.Reverted || answer.Data.Length == 0)
        {
            return null;
        }

        if (new AbiReader(answer.Data).TryText(0, out var text))
        {
            return text;
        }

        problems.Add($"what its resolver gives as text record {key} is not valid text");
        return null;
    }

    private static string? ContenthashOf(ContractAnswer answer, List<string> problems)
    {
        if (answer.Reverted || answer.Data.Length == 0)
        {
            return null;
        }

        if (!new AbiReader(answer.Data).TryBytes(0, out var bytes))
        {
            problems.Add("what its resolver gives as contenthash is not valid");
            return null;
        }

        if (bytes.IsEmpty)
        {
            return null; // Not set.
        }

        var location = Contenthash.Read(bytes, out var problem);
        if (problem is not null)
        {
            problems.Add(problem);
        }

        return location;
    }
}
