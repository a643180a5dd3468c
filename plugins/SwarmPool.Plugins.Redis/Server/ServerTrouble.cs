using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Tls;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>What kind of trouble a server makes.</summary>
internal enum TroubleKind
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

/// <summary>Says what StackExchange.Redis throws, and what Redis answers, in words, with the mend.</summary>
internal readonly record struct ServerTrouble(TroubleKind Kind, string Says, string Mend)
{
    /// <summary>True for what the client throws; anything else is not the server's.</summary>
    public static bool Is(Exception thrown) => thrown is RedisException or RedisTimeoutException or RedisCommandException or TooFewReplicasException or TlsRefusedException or ObjectDisposedException;

    /// <summary>True when asking again may help within the patience of a call.</summary>
    public bool MayPass => Kind is TroubleKind.Unreachable or TroubleKind.NotNow or TroubleKind.NotWritable;

    public static ServerTrouble Of(Exception thrown) => thrown switch
    {
        RedisServerException answer => OfAnswer(answer),
        TlsRefusedException refused => new(TroubleKind.NotAllowed, refused.Message, refused.Mend),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => new(
            TroubleKind.NotAllowed, "the server refuses the user or the password", "mend them in 'configuration', or the server's ACL"),
        RedisConnectionException lost when lost.Message.Contains("replica", StringComparison.OrdinalIgnoreCase) => new(
            TroubleKind.NotWritable, "no server that answers is a primary", Replica),
        RedisConnectionException { FailureType: ConnectionFailureType.Loading } => new(TroubleKind.NotNow, "the server is loading its data", "wait until it has"),
        TooFewReplicasException few => new(TroubleKind.NotNow, few.Message, "bring the replicas back, or lower 'replicas'"),
        RedisTimeoutException => new(TroubleKind.Unreachable, "the server did not answer in time", "see whether it is paused, overloaded, or its disk is slow"),
        _ => new(TroubleKind.Unreachable, "the server can't be reached", "see that it runs, and that 'configuration' names it"),
    };

    private const string Replica = "name the primary in 'configuration', or Sentinel, which knows it";

    private static ServerTrouble OfAnswer(RedisServerException answer)
    {
        var says = $"the server answered: {answer.Message}";
        return answer.Kind switch
        {
            RedisErrorKind.OutOfMemory => new(TroubleKind.NoRoom, says, "raise the server's maxmemory, or take other data off it"),
            RedisErrorKind.Misconfigured => new(TroubleKind.NoRoom, says, "make room on the server's disk, and look at its log"),
            RedisErrorKind.ReadOnly => new(TroubleKind.NotWritable, says, Replica),
            RedisErrorKind.NoAuth or RedisErrorKind.WrongPass => new(TroubleKind.NotAllowed, says, "mend user and password in 'configuration'"),
            RedisErrorKind.NoPermission or RedisErrorKind.NotPermitted or RedisErrorKind.UnknownCommand => new(
                TroubleKind.NotAllowed, says, "let the user's ACL allow the commands that the plugin's README lists"),
            RedisErrorKind.Loading or RedisErrorKind.ClusterDown or RedisErrorKind.MasterDown or RedisErrorKind.TryAgain or RedisErrorKind.Busy
                or RedisErrorKind.NoReplicas or RedisErrorKind.MaxClients or RedisErrorKind.NoScript or RedisErrorKind.Moved or RedisErrorKind.Ask => new(TroubleKind.NotNow, says, "wait, then try again"),
            _ => new(TroubleKind.Refused, says, "look at the server's log"),
        };
    }
}
