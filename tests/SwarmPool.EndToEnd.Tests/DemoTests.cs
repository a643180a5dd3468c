using System.Text.Json;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>The README's first command, as a user would type it.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task TheDemoAnswersEveryJobAndLeavesAllThatWasPublished()
    {
        var root = Directory.CreateTempSubdirectory("swarmpool-demo-test-");
        try
        {
            var left = Path.Combine(root.FullName, "left");
            await using var demo = RunningProgram.Start(
                "SwarmPool.Demo", "swarmpool-demo", root.FullName, new Dictionary<string, string>(), "--json", "--out", left);
            var exit = await demo.EndsAsync(TimeSpan.FromSeconds(60));
            Assert.True(exit == 0, string.Join('\n', demo.Lines));

            using var document = JsonDocument.Parse(string.Join('\n', demo.Lines.Where(line => !line.StartsWith("stderr:", StringComparison.Ordinal))));
            var result = document.RootElement;
            Assert.Equal(25, result.GetProperty("jobs").GetInt32());
            Assert.Equal(25, result.GetProperty("answered").GetInt32());
            Assert.Equal(25, result.GetProperty("correct").GetInt32());
            Assert.Equal(1, result.GetProperty("requeued").GetInt32());
            Assert.Equal(0, result.GetProperty("audit").GetArrayLength());

            var settlement = result.GetProperty("settlement");
            var payouts = settlement.GetProperty("payouts").EnumerateArray().Select(p => Micro(p, "amount")).ToList();
            Assert.Equal(Micro(settlement, "volume"), Micro(settlement, "operations") + payouts.Sum());
            Assert.True(File.Exists(Path.Combine(left, "names.json")));
            Assert.True(File.Exists(Path.Combine(left, "blocks", result.GetProperty("epoch").GetString()!)));
            Assert.NotEmpty(Directory.GetFiles(left, "*.db"));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static long Micro(JsonElement element, string name) => SwarmPool.Settlement.Usdc.Parse(element.GetProperty(name).GetString()!).Micro;
}
