using System.Security.Cryptography;
using System.Text;
using SwarmPool.Files;
using SwarmPool.Identity;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Daemon.Setup;

/// <summary>
/// The users of a first pool on its Redis server, as an ACL file for the server and a connection string for each. The daemon alone has the
/// journal's keys: whoever can write them writes what the pool decides. Parties have what a transport needs and no more, and nobody comes in without
/// a password.
/// </summary>
/// <param name="folder">The pool's folder.</param>
/// <param name="server">The server's address: host and port.</param>
/// <param name="pool">The pool's name, which all its keys begin with.</param>
internal sealed class RedisUsers(string folder, string server, EnsName pool)
{
    /// <summary>The server's file: <c>redis-server --aclfile redis.acl</c>.</summary>
    public const string AclFile = "redis.acl";

    /// <summary>The connection of the daemon, and of those that stand by.</summary>
    public const string DaemonFile = "keys/redis-daemon.secret";

    /// <summary>The connection of miners.</summary>
    public const string MinersFile = "keys/redis-miners.secret";

    /// <summary>The connection of clients.</summary>
    public const string ClientsFile = "keys/redis-clients.secret";

    // What the transport calls, and no command by which a key is removed.
    private const string PartyCommands =
        "+@connection -@dangerous +info +time +eval +evalsha +script|load +script|exists +get +getrange +set +pttl +exists +persist +expire +xadd +xrange +xrevrange +publish +subscribe +unsubscribe";

    /// <summary>Makes all; passwords that are there stay.</summary>
    /// <returns>The files, relative to the folder.</returns>
    public IReadOnlyList<string> Make()
    {
        OwnFile.CreateFolder(Path.Combine(folder, "keys"));
        OwnFile.Write(Path.Combine(folder, AclFile), string.Join(
            '\n',
            "user default off",
            $"user swarmpool-daemon on #{Hash(DaemonFile, "swarmpool-daemon")} resetkeys ~{{{pool}}}:* resetchannels &{{{pool}}}:* &__Booksleeve_MasterChanged +@read +@write +@scripting +@connection +@pubsub -@dangerous +info +time +wait +config|get",
            Party("swarmpool-miners", MinersFile),
            Party("swarmpool-clients", ClientsFile),
            ""));
        return [AclFile, DaemonFile, MinersFile, ClientsFile];
    }

    private string Party(string user, string file) =>
        $"user {user} on #{Hash(file, user)} resetkeys ~{{{pool}}}:topic:* ~{{{pool}}}:content:* %R~{{{pool}}}:pointer:* resetchannels &{{{pool}}}:topic:* &__Booksleeve_MasterChanged -@all {PartyCommands}";

    private static string Line(string path)
    {
        try
        {
            return SettingFile.FirstLine(path, "configuration_file");
        }
        catch (IOException wrong)
        {
            throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, wrong.Message, wrong);
        }
    }

    // The file keeps hashes, as Redis's own does; the password itself is in the party's file alone.
    private string Hash(string file, string user)
    {
        var path = Path.Combine(folder, file);
        const string Before = ",password=";
        if (!File.Exists(path))
        {
            OwnFile.Create(path, $"{server},user={user}{Before}{RandomNumberGenerator.GetHexString(48, lowercase: true)}\n");
        }

        var line = Line(path);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line[(line.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..])));
    }
}
