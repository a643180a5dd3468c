using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Load;
using SwarmPool.Plugins.Redis;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.RedisLoad.Standby;

/// <summary>
/// The standby's process: a daemon behind the leader's, which answers orders by lines. "begin" forgets what was measured; "end" and a
/// record's sequence waits until that is applied, and tells the lags.
/// </summary>
internal static class Follower
{
    public const string Begin = "begin";
    public const string End = "end";

    public static async Task RunAsync(string configuration, string sync, TextReader orders, TextWriter output)
    {
        using var recorder = new LagRecorder();
        await using var standby = await StartAsync(new Crowd(SignatureEngines.Best), configuration, sync, "standby", builder => builder.Services.AddSingleton<IDaemonObserver>(recorder));
        await output.WriteLineAsync("follows");
        while (await orders.ReadLineAsync() is { } order)
        {
            if (order == Begin)
            {
                recorder.Clear();
                await output.WriteLineAsync("begun");
            }
            else
            {
                await UntilAppliedAsync(recorder, long.Parse(order.AsSpan(End.Length), CultureInfo.InvariantCulture));
                await output.WriteLineAsync(JsonSerializer.Serialize(recorder.Take()));
            }
        }
    }

    /// <summary>A daemon of the pool on the server; the first leads, the second follows it.</summary>
    public static Task<PoolUnderLoad> StartAsync(Crowd crowd, string configuration, string sync, string instance, Action<SwarmPoolBuilder>? more = null) => PoolUnderLoad.StartAsync(
        crowd,
        SignatureEngines.Best,
        configure: o => (o.Standby, o.Instance) = (true, instance),
        journal: builder =>
        {
            builder.UseRedisJournal(o => (o.Configuration, o.Pool, o.Durability) = (configuration, Crowd.Pool.Text, Durability(sync)));
            more?.Invoke(builder);
        });

    public static RedisDurability Durability(string sync) => sync == "always" ? RedisDurability.Always : RedisDurability.Everysec;

    private static async Task UntilAppliedAsync(LagRecorder recorder, long sequence)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (recorder.Sequence < sequence)
        {
            await timer.WaitForNextTickAsync();
        }
    }
}
