using System.Security.Cryptography;
using StackExchange.Redis;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>A script's call that counts only once so many replicas have what it wrote (<c>WAIT</c>).</summary>
/// <remarks>
/// <c>WAIT</c> speaks of what its own connection wrote: asked over a new one, or of another server, it would agree at once. So both go to the
/// same server, and the connection bears a name that no other has; where it does not bear it afterwards, nothing is known and all is asked again.
/// </remarks>
internal sealed class ReplicatedCall(TimeSpan attemptLimit, int replicas)
{
    // Where a cluster has moved the slot meanwhile, the client would follow with the script and not with the WAIT.
    private const CommandFlags Here = CommandFlags.DemandMaster | CommandFlags.NoRedirect;

    private readonly string name = "swarmpool-" + RandomNumberGenerator.GetHexString(16, lowercase: true);

    // Below an attempt's own limit, so that it is the server that says how many there are.
    private readonly long waitMs = (long)(attemptLimit.TotalMilliseconds * 0.8);

    /// <summary>Runs the script. One that is asked again has to write something again.</summary>
    /// <param name="database">The server.</param>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="wrote">Tells from its answer whether it has written; where it refused, nobody has to have that.</param>
    /// <exception cref="TooFewReplicasException">There are fewer, in the time of an attempt.</exception>
    public Task<RedisResult> EvaluateAsync(IDatabase database, HashedScript script, RedisKey[] keys, RedisValue[] arguments, Func<RedisResult, bool> wrote) =>
        replicas == 0 ? EvaluateAsync(database, script, keys, arguments) : EvaluateAndWaitAsync(database, script, keys, arguments, wrote);

    private static async Task<RedisResult> EvaluateAsync(IDatabase database, HashedScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(script.Sha, keys, arguments, CommandFlags.DemandMaster);
        }
        catch (RedisServerException unknown) when (unknown.Kind == RedisErrorKind.NoScript)
        {
            return await database.ScriptEvaluateAsync(script.Text, keys, arguments, CommandFlags.DemandMaster);
        }
    }

    private async Task<RedisResult> EvaluateAndWaitAsync(IDatabase database, HashedScript script, RedisKey[] keys, RedisValue[] arguments, Func<RedisResult, bool> wrote)
    {
        var at = await database.IdentifyEndpointAsync(keys[0], CommandFlags.DemandMaster) ?? throw Lost("No server that answers holds the pool's keys.");
        var server = database.Multiplexer.GetServer(at);
        var answer = await EvaluateAsync(server, database.Database, script, [keys.Length, .. keys, .. arguments]);
        if (!wrote(answer))
        {
            return answer;
        }

        var waiting = server.ExecuteAsync("WAIT", replicas, waitMs);
        var named = (string?)await server.ExecuteAsync("CLIENT", "GETNAME");
        var have = (long)await waiting;
        if (named != name)
        {
            await server.ExecuteAsync("CLIENT", "SETNAME", name);
            throw Lost("The connection is another than the one that was written over.");
        }

        return have >= replicas ? answer : throw new TooFewReplicasException(have, replicas);
    }

    private static async Task<RedisResult> EvaluateAsync(IServer server, int database, HashedScript script, object[] arguments)
    {
        object[] call = [Convert.ToHexStringLower(script.Sha), .. arguments];
        try
        {
            return await server.ExecuteAsync(database, "EVALSHA", call, Here);
        }
        catch (RedisServerException unknown) when (unknown.Kind == RedisErrorKind.NoScript)
        {
            await server.ScriptLoadAsync(script.Text);
            return await server.ExecuteAsync(database, "EVALSHA", call, Here);
        }
    }

    private static RedisConnectionException Lost(string what) =>
        new(ConnectionFailureType.UnableToResolvePhysicalConnection, CommandFlags.DemandMaster, what);
}
