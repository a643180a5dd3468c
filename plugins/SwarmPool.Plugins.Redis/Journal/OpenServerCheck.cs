using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>
/// Warns once when whoever reaches the server may write the journal without a password: users and their rights are worth nothing beside a
/// <c>default</c> user that may all. Found by trying, since what a server's ACL says is not ours to read.
/// </summary>
internal sealed class OpenServerCheck(ServerSettings settings, PoolKeys keys, ILogger logger)
{
    private const int LongestMs = 2000;

    private int looked;

    public async ValueTask LookAsync()
    {
        if (Interlocked.Exchange(ref looked, 1) == 0 && await IsOpenAsync())
        {
            RedisLog.OpenToAll(logger, settings.Location);
        }
    }

    // PERSIST is a write that changes nothing here: no key of the journal's expires.
    private async ValueTask<bool> IsOpenAsync()
    {
        var stranger = settings.Connection.Clone();
        (stranger.User, stranger.Password, stranger.AllowAdmin) = (null, null, false);
        stranger.ConnectRetry = 0;
        stranger.ConnectTimeout = Math.Min(stranger.ConnectTimeout, LongestMs);
        stranger.AsyncTimeout = Math.Min(stranger.AsyncTimeout, LongestMs);
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(stranger);
            await connection.GetDatabase().KeyPersistAsync(keys.Head, CommandFlags.DemandMaster);
            return true;
        }
        catch (Exception e) when (ServerFault.Is(e))
        {
            RedisLog.NotOpen(logger, settings.Location, ServerFault.Of(e).Reason);
            return false;
        }
    }
}
