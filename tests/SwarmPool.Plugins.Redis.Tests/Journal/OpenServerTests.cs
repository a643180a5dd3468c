using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Redis.Journal;
using SwarmPool.RedisServers;

namespace SwarmPool.Plugins.Redis.Tests.Journal;

/// <summary>Who leads is told, once, when a server lets whoever reaches it write the journal.</summary>
public sealed class OpenServerTests
{
    /// <summary>What lets the named user in, and what it may.</summary>
    private static readonly string[] Pool = ["--user", "pool", "on", ">hunter2", "allkeys", "allchannels", "allcommands"];

    [Fact]
    public async Task A_server_without_users_is_open()
    {
        await using var server = await RedisServer.StartAsync(RedisServer.Durable);
        Assert.Equal(1, await WarningsAsync(server.Configuration));
    }

    [Fact]
    public async Task A_default_user_left_on_beside_the_pools_own_is_open() =>
        Assert.Equal(1, await WarningsAsync());

    [Theory]
    [InlineData("--user", "default", "off")]
    [InlineData("--user", "default", "on", "nopass", "+@all", "-@write", "~*", "&*")]
    [InlineData("--user", "default", "on", "nopass", "+@all", "resetkeys", "~other:*", "&*")]
    [InlineData("--requirepass", "hunter3")]
    public async Task One_that_lets_strangers_do_nothing_is_not(params string[] closed) =>
        Assert.Equal(0, await WarningsAsync(closed));

    private static async Task<int> WarningsAsync(params string[] settings)
    {
        await using var server = await RedisServer.StartAsync([.. RedisServer.Durable, .. Pool, .. settings]);
        return await WarningsAsync(server.Configuration + ",user=pool,password=hunter2");
    }

    private static async Task<int> WarningsAsync(string configuration)
    {
        var log = new Warnings();
        await using var journal = Journals.At(configuration, logger: log);
        for (var i = 0; i < 2; i++)
        {
            var lease = await journal.AcquireAsync(Journals.Pool, "test", TimeSpan.FromMinutes(5), default);
            await journal.ReleaseAsync(lease, default);
        }

        Assert.DoesNotContain(log.Lines, line => line.Contains("hunter", StringComparison.Ordinal));
        return log.Lines.Count(static line => line.Contains("without a password", StringComparison.Ordinal));
    }

    private sealed class Warnings : ILogger<RedisJournal>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add(formatter(state, exception));
            }
        }
    }
}
