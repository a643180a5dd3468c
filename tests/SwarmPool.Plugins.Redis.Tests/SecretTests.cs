using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Journal;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Plugins.Redis.Transport;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests;

/// <summary>A server's configuration with a secret at every place that people put one: it shows nowhere, whether it is taken or not.</summary>
public sealed class SecretTests
{
    private const string Secret = "s3cr3tValue";

    // Nobody listens on port 1, so that what is taken fails to connect.
    public static TheoryData<string, bool> Configurations => new()
    {
        { "redis://:s3cr3tValue@127.0.0.1:1", true },
        { "redis://me:s3cr3tValue@127.0.0.1:1/3", true },
        { "rediss://me:s3cr3tValue@127.0.0.1:1", true },
        { "redis://s3cr3tValue@127.0.0.1:1", true },
        { "redis://:left%2Cs3cr3tValue@127.0.0.1:1", true },
        { "127.0.0.1:1,password=s3cr3tValue", true },
        { "127.0.0.1:1,user=me,password=s3cr3tValue,ssl=false", true },
        { "127.0.0.1:1,password=s3cr3tValue=1", true },
        { "redis://:left,s3cr3tValue@127.0.0.1:1", true },
        { "redis://:left/s3cr3tValue@127.0.0.1:1", false },
        { "redis://:left@s3cr3tValue@127.0.0.1:1", false },
        { "redis://127.0.0.1:1/?password=s3cr3tValue", false },
        { "redis://127.0.0.1:1/s3cr3tValue", false },
        { "redis://127.0.0.1:1#s3cr3tValue", false },
        { "http://:s3cr3tValue@127.0.0.1:1", false },
        { @"127.0.0.1:1,password=left\,s3cr3tValue,ssl=false", false },
        { "127.0.0.1:1,password=left,s3cr3tValue", false },
        { "127.0.0.1:1,password=\"left,s3cr3tValue\"", false },
        { "127.0.0.1:1,pass=s3cr3tValue", false },
        { ":s3cr3tValue@127.0.0.1:1", false },
        { "me:s3cr3tValue@127.0.0.1:1", false },
        { "s3cr3tValue", true }, // A host's name, as far as anybody can tell.
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public async Task No_message_shows_it(string configuration, bool isTaken)
    {
        foreach (var fromFile in (bool[])[false, true])
        {
            var pool = new Composing();
            var file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, configuration);
            pool.UseRedis(Composing.Section(fromFile ? ("configuration_file", file) : ("configuration", configuration), ("timeout_seconds", "1"), ("connect_timeout_seconds", "1")));
            using var host = pool.Build();
            var said = "";
            if (!isTaken || !fromFile)
            {
                said = $"{await Assert.ThrowsAnyAsync<Exception>(() => StartedAsync(host))}";
            }
            else
            {
                var journal = host.Services.GetRequiredService<IPoolJournal>();
                said = $"{journal.Location} {await Assert.ThrowsAsync<JournalException>(async () => await journal.HeadAsync(default))}";
                Assert.StartsWith(configuration.StartsWith("rediss", StringComparison.Ordinal) ? "rediss://" : "redis://", journal.Location, StringComparison.Ordinal);
            }

            File.Delete(file);
            Assert.NotEmpty(said);
            if (configuration != Secret)
            {
                Assert.DoesNotContain(Secret, said, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("left", said, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_server_that_repeats_what_it_was_sent_shows_it_neither()
    {
        var settings = ServerSettings.Of($"127.0.0.1:1,password={Secret}", TimeSpan.FromSeconds(1));
        var answer = new RedisServerException(RedisErrorKind.UnknownCommand, CommandFlags.None, $"ERR unknown command 'AUTH', with args beginning with: '{Secret}'");
        ServerFault.Redact(answer, settings.Secrets);
        var said = $"{ServerFault.Of(answer).Reason} {ServerFault.Said(answer)} {TransportErrors.Explain(settings.Location, "starting", answer)}"
            + $" {await Assert.ThrowsAsync<JournalException>(() => JournalErrors.NamedAsync<int>(settings.Location, "reading", () => throw answer))}";
        Assert.Contains("unknown command 'AUTH'", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
    }

    private static async Task StartedAsync(IHost host)
    {
        await host.StartAsync();
        await host.Services.GetRequiredService<ITransport>().StartAsync(default);
    }
}
