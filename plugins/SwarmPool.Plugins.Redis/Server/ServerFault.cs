using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Tls;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>What kind of fault a server has.</summary>
internal enum ServerFaultKind
{
    /// <summary>It can't be reached, or does not answer in time. What was sent may have been done.</summary>
    Unreachable = 0,

    /// <summary>It answered that it can't now: it loads, fails over, or is busy. Nothing was done.</summary>
    NotNow,

    /// <summary>It has no room, or can't write its disk. Nothing was done.</summary>
    NoRoom,

    /// <summary>It is a replica. Nothing was done.</summary>
    NotWritable,

    /// <summary>It does not let us. Nothing was done.</summary>
    NotAllowed,

    /// <summary>It answered another error.</summary>
    Refused,
}

/// <summary>What StackExchange.Redis throws and Redis answers, as a reason and a fix.</summary>
internal readonly record struct ServerFault(ServerFaultKind Kind, string Reason, string Fix)
{
    /// <summary>True for what the client throws; anything else is not the server's.</summary>
    public static bool Is(Exception thrown) => thrown is RedisException or RedisTimeoutException or RedisCommandException or TooFewReplicasException or TlsRefusedException or ObjectDisposedException;

    /// <summary>True when asking again may help within the patience of a call.</summary>
    public bool MayPass => Kind is ServerFaultKind.Unreachable or ServerFaultKind.NotNow or ServerFaultKind.NotWritable;

    public static ServerFault Of(Exception thrown) => thrown switch
    {
        RedisServerException answer => OfAnswer(answer),
        TlsRefusedException refused => new(ServerFaultKind.NotAllowed, refused.Message, refused.Fix),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => new(
            ServerFaultKind.NotAllowed, "the server refuses the user or the password", "fix them in 'configuration', or the server's ACL"),
        RedisConnectionException lost when lost.Message.Contains("replica", StringComparison.OrdinalIgnoreCase) => new(
            ServerFaultKind.NotWritable, "no server that answers is a primary", Replica),
        RedisConnectionException { FailureType: ConnectionFailureType.Loading } => new(ServerFaultKind.NotNow, "the server is loading its data", "wait until it is done"),
        TooFewReplicasException few => new(ServerFaultKind.NotNow, few.Message, "bring the replicas back, or lower 'replicas'"),
        RedisTimeoutException => new(ServerFaultKind.Unreachable, "the server did not answer in time", "check whether it is paused, overloaded, or its disk is slow"),
        _ => new(ServerFaultKind.Unreachable, "the server can't be reached", "check that it runs and that 'configuration' names it"),
    };

    /// <summary>Keeps beside what a library threw what may be shown of it: a server repeats the commands that it doesn't know, and passwords are sent in one.</summary>
    public static void Redact(Exception thrown, Redactor secrets)
    {
        if (secrets.Clean(thrown) is var clean && clean != thrown)
        {
            thrown.Data[nameof(Redactor)] = secrets.Clean(thrown.Message);
        }
    }

    /// <summary>What may be shown of what was thrown.</summary>
    public static string Said(Exception thrown) => thrown.Data[nameof(Redactor)] as string ?? thrown.Message;

    /// <summary>What was thrown, as a cause; null when it holds a secret.</summary>
    public static Exception? Cause(Exception thrown) => thrown.Data.Contains(nameof(Redactor)) ? null : thrown;

    private const string Replica = "name the primary in 'configuration', or Sentinel, which knows it";

    private static ServerFault OfAnswer(RedisServerException answer)
    {
        var reason = $"the server answered: {Said(answer)}";
        return answer.Kind switch
        {
            RedisErrorKind.OutOfMemory => new(ServerFaultKind.NoRoom, reason, "raise the server's maxmemory, or remove other data from it"),
            RedisErrorKind.Misconfigured => new(ServerFaultKind.NoRoom, reason, "free space on the server's disk, and check its log"),
            RedisErrorKind.ReadOnly => new(ServerFaultKind.NotWritable, reason, Replica),
            RedisErrorKind.NoAuth or RedisErrorKind.WrongPass => new(ServerFaultKind.NotAllowed, reason, "fix user and password in 'configuration'"),
            RedisErrorKind.NoPermission or RedisErrorKind.NotPermitted or RedisErrorKind.UnknownCommand => new(
                ServerFaultKind.NotAllowed, reason, "let the user's ACL allow the commands that the plugin's README lists"),
            RedisErrorKind.Loading or RedisErrorKind.ClusterDown or RedisErrorKind.MasterDown or RedisErrorKind.TryAgain or RedisErrorKind.Busy
                or RedisErrorKind.NoReplicas or RedisErrorKind.MaxClients or RedisErrorKind.NoScript or RedisErrorKind.Moved or RedisErrorKind.Ask => new(ServerFaultKind.NotNow, reason, "wait, then try again"),
            _ => new(ServerFaultKind.Refused, reason, "check the server's log"),
        };
    }
}
