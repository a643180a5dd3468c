namespace SwarmPool.Architecture.Tests;

/// <summary>Who may know whom: each folder of the libraries names what it knows, and the arrows run one way.</summary>
/// <remarks>
/// A folder knows another when one of its files has a <c>using</c> of it. Unnecessary usings don't compile, so they are the whole truth but
/// for parent and child, which may know each other.
/// </remarks>
public sealed class FolderTests
{
    /// <summary>What each folder may know. A new arrow is a decision: write it here, and see that it closes no circle.</summary>
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        // What a third party needs: no plugin, no host, no role.
        ["Protocol.Errors"] = "",
        ["Protocol.Json"] = "Protocol.Errors",
        ["Protocol.Signatures"] = "",
        ["Protocol.Snapshots"] = "Protocol.Errors Protocol.Json Protocol.Signatures",
        ["Protocol.Merkle"] = "Protocol.Signatures",
        ["Protocol.Content"] = "Protocol.Snapshots",
        ["Protocol.Sampling"] = "Protocol.Errors",
        ["Protocol.Evidence"] = "Protocol.Errors Protocol.Merkle Protocol.Sampling Protocol.Signatures",
        ["Protocol.Packs"] = "Protocol.Errors Protocol.Json Protocol.Snapshots",
        ["Protocol.Verification"] = "Protocol.Packs",

        // The rules: nothing that waits, nothing that runs.
        ["Core.Pool"] = "Protocol.Errors Protocol.Snapshots",
        ["Core.Pool.Rules"] = "Protocol.Errors Protocol.Snapshots",
        ["Core.Pool.Checks"] = "Core.Pool.Rules Protocol.Errors Protocol.Sampling Protocol.Snapshots",
        ["Core.Pool.Records"] = "Protocol.Errors Protocol.Snapshots",
        ["Core.Settlement"] = "Core.Pool Core.Pool.Records Protocol.Errors Protocol.Merkle",
        ["Core.Auditing"] = "Core.Pool Core.Pool.Records Core.Settlement Protocol.Errors Protocol.Signatures Protocol.Snapshots",

        // What all roles share.
        ["Runtime.Collections"] = "",
        ["Runtime.Scheduling"] = "",
        ["Runtime.Errors"] = "Protocol.Errors",
        ["Runtime.Processes"] = "",
        ["Runtime.Containment"] = "Protocol.Errors",
        ["Runtime.Content"] = "Protocol.Content Protocol.Errors Protocol.Snapshots",
        ["Runtime.Packs"] = "Protocol.Errors Protocol.Json Protocol.Packs Protocol.Verification Runtime.Content Runtime.Generation",
        ["Runtime.Discovery"] = "Protocol.Errors",
        ["Runtime.Names"] = "Protocol.Errors Protocol.Signatures Protocol.Snapshots Runtime.Collections",
        ["Runtime.Names.Delegations"] = "Protocol.Errors Protocol.Snapshots Runtime.Collections Runtime.Content",
        ["Runtime.Messaging"] = "Protocol.Errors Protocol.Snapshots Runtime.Content Runtime.Names Runtime.Names.Delegations",
        ["Runtime.Reader"] = "Protocol.Errors Protocol.Signatures Protocol.Snapshots Runtime.Content Runtime.Discovery Runtime.Messaging Runtime.Names Runtime.Names.Delegations",
        ["Runtime.Keys"] = "Protocol.Errors Protocol.Signatures Protocol.Snapshots Runtime.Content Runtime.Messaging Runtime.Names Runtime.Names.Delegations",
        ["Runtime.Keys.Remote"] = "Protocol.Errors Protocol.Signatures",
        ["Runtime.Roles"] = "Protocol.Signatures Protocol.Snapshots Runtime.Keys Runtime.Scheduling",
        ["Runtime.Settlement.Processes"] = "Core.Settlement Protocol.Errors Runtime.Containment Runtime.Errors Runtime.Processes",
        ["Runtime.Settlement"] = "Core.Settlement Protocol.Errors Runtime.Containment Runtime.Names",
        ["Runtime.Auditing"] = "Core.Auditing Core.Pool Core.Pool.Records Core.Settlement Protocol.Errors Protocol.Signatures Protocol.Snapshots Runtime.Content Runtime.Names Runtime.Names.Delegations",

        // What text jobs are, and what is counted in jobs: known to the daemon and to the miner.
        ["Runtime.Generation"] = "Protocol.Errors Protocol.Evidence Protocol.Json Protocol.Sampling",
        ["Runtime.Metering"] = "Protocol.Errors Protocol.Evidence Runtime.Generation",

        // The daemon, from what all of it knows to what puts it together.
        ["Runtime.Daemon.Observing"] = "Core.Pool.Records Protocol.Errors",
        ["Runtime.Daemon.Replay"] = "Core.Auditing Core.Pool Core.Pool.Records Protocol.Errors Protocol.Signatures Protocol.Snapshots Runtime.Daemon.Observing Runtime.Names Runtime.Scheduling",
        ["Runtime.Daemon.Status"] = "Core.Pool Core.Pool.Records Protocol.Errors Runtime.Daemon.Epochs Runtime.Daemon.Observing Runtime.Daemon.Replay Runtime.Daemon.Timing",
        ["Runtime.Daemon.Timing"] = "Runtime.Daemon.Observing",
        ["Runtime.Daemon.Leadership"] = "Core.Pool Core.Pool.Records Protocol.Errors Protocol.Snapshots Runtime.Content Runtime.Daemon.Observing Runtime.Daemon.Replay Runtime.Errors Runtime.Messaging Runtime.Names Runtime.Scheduling",
        ["Runtime.Daemon.Announcing"] = "Core.Pool Core.Pool.Records Core.Pool.Rules Protocol.Errors Protocol.Snapshots Runtime.Daemon.Leadership Runtime.Daemon.Observing Runtime.Daemon.Replay Runtime.Messaging Runtime.Roles",
        ["Runtime.Daemon.Sequencing"] = "Core.Pool Core.Pool.Records Runtime.Daemon.Announcing Runtime.Daemon.Checks Runtime.Daemon.Leadership Runtime.Daemon.Timing",
        ["Runtime.Daemon.Retention"] = "Core.Pool Protocol.Errors Protocol.Snapshots Runtime.Collections Runtime.Content Runtime.Daemon.Observing Runtime.Daemon.Sequencing",
        ["Runtime.Daemon.Revocations"] = "Protocol.Snapshots Runtime.Content Runtime.Daemon.Observing Runtime.Daemon.Retention Runtime.Daemon.Sequencing Runtime.Messaging Runtime.Names.Delegations",
        ["Runtime.Daemon.Ingress"] = "Core.Pool Protocol.Errors Protocol.Evidence Protocol.Packs Protocol.Snapshots Runtime.Collections Runtime.Containment Runtime.Content Runtime.Daemon.Announcing Runtime.Daemon.Leadership Runtime.Daemon.Observing Runtime.Daemon.Retention Runtime.Daemon.Revocations Runtime.Daemon.Sequencing Runtime.Messaging Runtime.Metering Runtime.Names Runtime.Names.Delegations Runtime.Scheduling Runtime.Verification",
        ["Runtime.Daemon.Ingress.Rules"] = "Core.Pool Protocol.Errors Protocol.Snapshots Runtime.Collections Runtime.Content Runtime.Daemon.Sequencing Runtime.Daemon.Timing Runtime.Messaging Runtime.Metering Runtime.Names",
        ["Runtime.Daemon.Epochs"] = "Core.Pool Core.Pool.Records Core.Settlement Protocol.Content Protocol.Errors Protocol.Snapshots Runtime.Daemon.Announcing Runtime.Daemon.Checks Runtime.Daemon.Leadership Runtime.Daemon.Observing Runtime.Daemon.Replay Runtime.Daemon.Sequencing Runtime.Daemon.Timing Runtime.Errors Runtime.Roles Runtime.Settlement",
        ["Runtime.Daemon.Publishing"] = "Core.Pool Core.Pool.Rules Protocol.Content Protocol.Errors Protocol.Snapshots Runtime.Daemon.Announcing Runtime.Daemon.Observing Runtime.Daemon.Retention Runtime.Daemon.Sequencing Runtime.Discovery Runtime.Roles",
        ["Runtime.Daemon"] = "Core.Pool Protocol.Errors Protocol.Evidence Protocol.Packs Protocol.Signatures Protocol.Snapshots Runtime.Content Runtime.Errors Runtime.Keys Runtime.Names Runtime.Names.Delegations Runtime.Packs Runtime.Roles Runtime.Settlement Runtime.Verification",
        ["Runtime.Daemon.Checks"] = "Core.Pool Core.Pool.Records Protocol.Errors Protocol.Snapshots",

        // Lists for people, of what the journal holds or the pool has published.
        ["Runtime.Listing"] = "Core.Auditing Core.Pool Core.Pool.Records Protocol.Errors Runtime.Auditing Runtime.Content Runtime.Daemon.Replay",

        // The other roles.
        ["Runtime.Verification"] = "Core.Pool Protocol.Errors Protocol.Evidence Protocol.Packs Protocol.Sampling Protocol.Verification Runtime.Generation",
        ["Runtime.Miner"] = "Protocol.Errors Protocol.Evidence Protocol.Snapshots Runtime.Backends Runtime.Collections Runtime.Containment Runtime.Content Runtime.Discovery Runtime.Errors Runtime.Generation Runtime.Keys Runtime.Messaging Runtime.Names Runtime.Names.Delegations Runtime.Packs Runtime.Reader Runtime.Roles Runtime.Scheduling Runtime.Verification",
        ["Runtime.Client"] = "Protocol.Errors Protocol.Signatures Protocol.Snapshots Runtime.Content Runtime.Discovery Runtime.Errors Runtime.Generation Runtime.Keys Runtime.Messaging Runtime.Metering Runtime.Names Runtime.Names.Delegations Runtime.Reader Runtime.Roles Runtime.Scheduling",
        ["Runtime.Backends"] = "Protocol.Errors Runtime.Errors Runtime.Processes Runtime.Scheduling",

        // Plugins, and the composition, which nothing else knows.
        ["Runtime.Plugins.Trust"] = "Protocol.Errors Runtime.Errors",
        ["Runtime.Plugins.Preflight"] = "Protocol.Errors Runtime.Plugins.Trust",
        ["Runtime.Plugins"] = "Protocol.Errors Runtime.Containment Runtime.Errors",
        ["Runtime.Hosting"] = "Core.Pool Protocol.Errors Protocol.Signatures Protocol.Snapshots Runtime.Backends Runtime.Client Runtime.Containment Runtime.Daemon Runtime.Daemon.Observing Runtime.Daemon.Publishing Runtime.Daemon.Replay Runtime.Daemon.Timing Runtime.Errors Runtime.Keys Runtime.Keys.Remote Runtime.Messaging Runtime.Miner Runtime.Names Runtime.Names.Delegations Runtime.Packs Runtime.Plugins Runtime.Plugins.Trust Runtime.Processes Runtime.Reader Runtime.Roles Runtime.Scheduling Runtime.Settlement.Processes Runtime.Verification",
    };

    private static IReadOnlyDictionary<string, SortedSet<string>> Known { get; } = FolderGraph.Read();

    public static TheoryData<string> Folders() => [.. Known.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_knows_only_what_it_may(string folder)
    {
        Assert.True(Allowed.TryGetValue(folder, out var allowed), $"{folder} is not listed here: say what it may know.");
        Assert.Empty(Known[folder].Except(allowed!.Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void What_a_folder_may_know_it_does_know(string folder) =>
        Assert.Empty(Allowed[folder].Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(Known[folder], StringComparer.Ordinal));

    [Fact]
    public void Every_folder_that_is_listed_exists() => Assert.Empty(Allowed.Keys.Except(Known.Keys, StringComparer.Ordinal));

    [Fact]
    public void No_two_folders_know_each_other_by_any_way() => Assert.Empty(FolderGraph.Circles(Known));

    [Fact]
    public void A_circle_would_be_seen() =>
        Assert.Equal(["A B C"], FolderGraph.Circles(new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal)
        {
            ["A"] = ["B"],
            ["B"] = ["C"],
            ["C"] = ["A"],
            ["D"] = ["A"],
        }));

    [Fact]
    public void Parent_and_child_are_no_circle() =>
        Assert.Equal(["C"], FolderGraph.Dependencies("A.B", "using SwarmPool.Runtime.A;\nusing SwarmPool.Runtime.A.B.D;\nusing SwarmPool.Runtime.C;\n", "Runtime."));
}
