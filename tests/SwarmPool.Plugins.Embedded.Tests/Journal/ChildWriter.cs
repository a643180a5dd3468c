using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Plugins.Embedded.Journal;
using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.Plugins.Embedded.Tests.Journal;

/// <summary>
/// This test program as another process: with the variable set it does nothing but append batches of ten and print
/// each head once it was acknowledged, until it is killed.
/// </summary>
internal static class ChildWriter
{
    public const string Variable = "SWARMPOOL_TEST_JOURNAL_CHILD";

    [ModuleInitializer]
    internal static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            WriteAsync(path).GetAwaiter().GetResult();
        }
    }

    private static async Task WriteAsync(string path)
    {
        await using var journal = new EmbeddedJournal(path, TimeProvider.System, NullLogger<EmbeddedJournal>.Instance);
        var lease = await journal.AcquireAsync("swarmpool.eth", $"child {Environment.ProcessId}", TimeSpan.FromSeconds(30), default);
        var head = JournalHead.Empty;
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        while (true)
        {
            var batch = JournalChains.After(head, 10);
            await journal.AppendAsync(lease, batch, default);
            head = new JournalHead(batch[^1].Sequence, batch[^1].Hash);
            output.WriteLine(head.Sequence.ToString(CultureInfo.InvariantCulture));
        }
    }
}
