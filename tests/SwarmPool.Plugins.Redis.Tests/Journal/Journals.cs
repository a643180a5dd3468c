using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Plugins.Redis.Journal;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Tests.Journal;

/// <summary>Makes journals as the builder does.</summary>
internal static class Journals
{
    public const string Pool = "swarmpool.eth";

    public static RedisJournal At(string configuration, Action<RedisJournalOptions>? configure = null, ILogger<RedisJournal>? logger = null)
    {
        var options = new RedisJournalOptions();
        configure?.Invoke(options);
        return new RedisJournal(
            options,
            ServerSettings.Of(configuration, TimeSpan.FromSeconds(options.TimeoutSeconds)),
            TimeProvider.System,
            logger ?? NullLogger<RedisJournal>.Instance);
    }

    /// <summary>Asserts that the work fails with this fault.</summary>
    public static async Task<JournalException> ThrowsAsync(JournalFault fault, Func<Task> work)
    {
        var thrown = await Assert.ThrowsAsync<JournalException>(work);
        Assert.Equal((fault, thrown.Message), (thrown.Fault, thrown.Message));
        return thrown;
    }
}
