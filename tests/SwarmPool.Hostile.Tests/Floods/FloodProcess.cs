using System.Globalization;
using SwarmPool.EndToEnd.Tests;
using SwarmPool.Transport;

namespace SwarmPool.Hostile.Tests.Floods;

/// <summary>This test program as a flood in a process of its own, until it is killed; it says each second how much it has sent.</summary>
internal static class FloodProcess
{
    private const string Variable = "SWARMPOOL_TEST_FLOOD";
    private const string SentWord = "sent ";

    /// <param name="kind">What it pours.</param>
    /// <param name="folder">The pool, of which it knows the address and what was said.</param>
    /// <param name="job">A job that waits for a miner.</param>
    public static RunningProgram Start(FloodKind kind, PoolFolder folder, Cid job) => RunningProgram.StartFile(
        "nice", // The pool's processors are the pool's: what a stranger's machine does to send must not take them.
        folder.Root,
        new Dictionary<string, string>(StringComparer.Ordinal) { [Variable] = $"{kind} {new Uri(folder.Url).Port} {job}" },
        "-n",
        "19",
        "dotnet",
        typeof(FloodProcess).Assembly.Location);

    public static bool IsAsked => Environment.GetEnvironmentVariable(Variable) is not null;

    public static Task SaysSentAsync(RunningProgram flood) => flood.SaysAsync(PoolFolder.Patience, SentWord);

    public static long Sent(RunningProgram flood) =>
        long.Parse(flood.Lines.Last(static line => line.StartsWith(SentWord, StringComparison.Ordinal))[SentWord.Length..], CultureInfo.InvariantCulture);

    public static async Task RunAsync()
    {
        var asked = Environment.GetEnvironmentVariable(Variable)!.Split(' ');
        await using var flood = new Flood();
        new FloodMessages(flood, int.Parse(asked[1], CultureInfo.InvariantCulture), asked[2]).Begin(Enum.Parse<FloodKind>(asked[0]));
        while (true)
        {
            await Task.Delay(1000);
            if (flood.Sent > 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{SentWord}{flood.Sent}"));
            }
        }
    }
}
