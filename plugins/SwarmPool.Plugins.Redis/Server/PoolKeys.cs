using System.Globalization;
using StackExchange.Redis;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>
/// The names of a pool's keys: all begin with <c>{pool}:</c>, so that a cluster keeps them in one slot, where a script reaches them
/// all, and those of another pool are others.
/// </summary>
internal sealed class PoolKeys(string pool)
{
    public string Pool { get; } = pool;

    public RedisKey Head { get; } = $"{{{pool}}}:journal:head";

    public RedisKey Format { get; } = $"{{{pool}}}:journal:format";

    public RedisKey Fence { get; } = $"{{{pool}}}:journal:fence";

    public RedisKey Lease { get; } = $"{{{pool}}}:journal:lease";

    public RedisKey Records { get; } = $"{{{pool}}}:journal:records";

    public RedisKey Cursors { get; } = $"{{{pool}}}:journal:cursors";

    public RedisKey Followers { get; } = $"{{{pool}}}:journal:followers";

    public RedisKey Snapshot { get; } = $"{{{pool}}}:journal:snapshot";

    public RedisKey SnapshotChunks(string snapshot) => $"{{{Pool}}}:journal:snapshot:{snapshot}";

    public RedisKey StateCid { get; } = $"{{{pool}}}:state:cid";

    public RedisKey EpochHistory { get; } = $"{{{pool}}}:epochs:history";

    public RedisKey Epoch(string id) => $"{{{Pool}}}:epochs:{id}";

    public RedisKey Content(string cid) => $"{{{Pool}}}:content:{cid}";

    public RedisKey Pointer(string pointer) => $"{{{Pool}}}:pointer:{pointer}";

    /// <summary>A topic's stream; the channel that signals new entries has the same name.</summary>
    public string Topic(string topic) => $"{{{Pool}}}:topic:{topic}";

    /// <summary>The id of a chunk of records: the sequence of its last one.</summary>
    public static string ChunkId(long last) => string.Create(CultureInfo.InvariantCulture, $"{last}-0");
}
