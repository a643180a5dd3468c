using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>A plugin of anybody's that knows nothing of redaction: no secret of its configuration comes out of it, whichever way it fails.</summary>
public sealed class SecretsOfPluginsTests : IDisposable
{
    private const string Secret = "hunter22";

    // As libraries say it: the whole connection string, a part of it, and once more in what caused it.
    private static readonly string[] Sayings = [$"can't connect to db:1,password={Secret}", $"no host '{Secret}'", "outer"];

    private readonly LineLoggerProvider log = new();

    public void Dispose() => log.Dispose();

    public static TheoryData<string, Func<string, Exception?, Exception>> Exceptions => new()
    {
        { "transport", (said, cause) => new TransportException(TransportFault.NotFound, said, cause) },
        { "journal", (said, cause) => new JournalException(JournalFault.Held, said, cause) },
        { "backend", (said, cause) => new InferenceException(said, cause) },
        { "any", (said, cause) => new InvalidOperationException(said, cause) },
    };

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public async Task What_a_plugin_throws_shows_none(string which, Func<string, Exception?, Exception> make)
    {
        foreach (var (said, sooner) in Sayings.SelectMany(said => new[] { (said, true), (said, false) }))
        {
            using var host = Host(() => sooner ? throw make(said, new IOException(Sayings[0])) : LaterAsync(make(said, new IOException(Sayings[0]))));
            Func<Task>[] calls =
            [
                async () => await host.Services.GetRequiredService<ITransport>().Content.GetAsync(default, 1, default),
                async () => await host.Services.GetRequiredService<IPoolJournal>().HeadAsync(default),
                async () => await host.Services.GetRequiredService<IInferenceBackend>().DescribeAsync(default),
            ];
            foreach (var call in calls)
            {
                var thrown = await Assert.ThrowsAnyAsync<Exception>(call);
                Assert.DoesNotContain(Secret, thrown.ToString(), StringComparison.Ordinal);
                Assert.NotEmpty(thrown.Message);
            }

            if (which == "transport")
            {
                Assert.Equal(TransportFault.NotFound, (await Assert.ThrowsAsync<TransportException>(calls[0])).Fault);
            }
            else if (which == "journal")
            {
                Assert.Equal(JournalFault.Held, (await Assert.ThrowsAsync<JournalException>(calls[1])).Fault);
            }

            var answer = await host.Services.GetRequiredService<IIdentityProvider>().ResolveAsync(EnsName.Parse("a.eth"), default);
            Assert.DoesNotContain(Secret, answer.Detail, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(log.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_that_fails_shows_none()
    {
        var builder = Builder();
        builder.Fill<ITransport>("Anybody's transport", _ => new FaultySlots(() => throw new TransportException(TransportFault.Unavailable, Sayings[0])));
        builder.Require<ITransport>("the test");
        using var host = builder.Build();
        var lines = string.Join('\n', StartupErrors.Describe(await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync())));
        Assert.StartsWith("SP5001: ", lines, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, lines, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public void A_factory_that_throws_shows_none(string which, Func<string, Exception?, Exception> make)
    {
        var builder = Builder();
        builder.Fill<ITransport>("Anybody's transport", _ => throw make(Sayings[0], null));
        using var host = builder.Build();
        var thrown = Assert.ThrowsAny<Exception>(() => host.Services.GetRequiredService<ITransport>());
        Assert.DoesNotContain(Secret, thrown.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(which);
    }

    [Fact]
    public void An_option_that_is_refused_shows_none()
    {
        var builder = Builder();
        builder.Services.AddOptions<Anything>().Validate(_ => false, $"configuration: '{Sayings[0]}' is wrong").ValidateOnStart();
        var lines = string.Join('\n', StartupErrors.Describe(Assert.ThrowsAny<Exception>(() => builder.Build())));
        Assert.StartsWith("SP1001: configuration: 'can't connect to db:1,password=…", lines, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, lines, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_plugin_or_its_library_logs_shows_none()
    {
        using var host = Builder().Build();
        var logger = host.Services.GetRequiredService<ILogger<SecretsOfPluginsTests>>();
        logger.LogWarning(new IOException(Secret), "Lost {Server}", Sayings[0]);
        logger.LogWarning("All is well with {Server}", "db:1");
        Assert.Contains("Lost can't connect to db:1,password=…", log.Lines);
        Assert.Contains("All is well with db:1", log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    private static async Task LaterAsync(Exception thrown)
    {
        await Task.Yield();
        throw thrown;
    }

    private SwarmPoolBuilder Builder()
    {
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().AddInMemoryCollection([new("plugins:use:Anybodys:configuration", $"db:1,password={Secret}")]).Build());
        builder.Logging.AddProvider(log);
        return builder;
    }

    private IHost Host(Func<Task> fault)
    {
        var builder = Builder();
        builder.Fill<ITransport>("Faulty transport", _ => new FaultySlots(fault));
        builder.Fill<IIdentityProvider>("Faulty identity", _ => new FaultySlots(fault));
        builder.Fill<IPoolJournal>("Faulty state store", _ => new FaultySlots(fault));
        builder.Fill<IInferenceBackend>("Faulty inference backend", _ => new FaultySlots(fault));
        return builder.Build();
    }

    private sealed class Anything
    {
        public string Text { get; set; } = "";
    }
}
