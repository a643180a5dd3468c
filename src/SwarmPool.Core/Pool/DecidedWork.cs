using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Core.Pool;

/// <summary>What jobs were decided and are not settled yet: those of the open epoch, or those of one whose work is held.</summary>
internal interface IDecidedWork
{
    long Jobs { get; set; }

    long Proofs { get; set; }

    Usdc Volume { get; set; }

    /// <summary>What it costs each client, in micro-USDC, by name; null while there is nothing.</summary>
    SortedDictionary<string, long>? Owed { get; set; }

    /// <summary>The same by payee and model, under <see cref="WorkShare.KeyOf"/>; null while there is nothing, and under rules that strike nothing.</summary>
    SortedDictionary<string, WorkShare>? Work { get; set; }

    /// <summary>How many jobs several payees did together, under <see cref="JointJobs.KeyOf"/>; null while there are none.</summary>
    SortedDictionary<string, long>? Joint { get; set; }
}

/// <summary>What was decided by one payee's work with one model.</summary>
internal sealed class WorkShare
{
    /// <summary>Jobs that it did alone.</summary>
    public long Jobs { get; set; }

    /// <summary>Its proofs, those of jobs done together with others among them.</summary>
    public long Proofs { get; set; }

    /// <summary>What each client owes for them, in micro-USDC, by name.</summary>
    public required SortedDictionary<string, long> Clients
    {
        get;
        init => field = new(value, StringComparer.Ordinal);
    }

    public static WorkShare Empty() => new() { Clients = new(StringComparer.Ordinal) };

    /// <summary>An address has one length and no space, so whatever a model is called, two keys are the same for one pair alone.</summary>
    public static string KeyOf(EthAddress payee, string model) => $"{payee} {model}";
}

/// <summary>Jobs that several payees did together: one of them may be struck, and the job is paid to the others.</summary>
internal static class JointJobs
{
    /// <param name="payees">Two or more, each once, in their order.</param>
    /// <param name="model">The model.</param>
    public static string KeyOf(IEnumerable<EthAddress> payees, string model) => $"{string.Join(',', payees)} {model}";

    public static bool IsOf(string key, string model) => key.AsSpan(key.IndexOf(' ', StringComparison.Ordinal) + 1).SequenceEqual(model);

    public static List<EthAddress> PayeesOf(string key) => [.. key[..key.IndexOf(' ', StringComparison.Ordinal)].Split(',').Select(EthAddress.Parse)];
}
