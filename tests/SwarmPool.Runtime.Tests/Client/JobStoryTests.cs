using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Tests.Support;

namespace SwarmPool.Runtime.Tests.Client;

/// <summary>A job's lines come in the order in which things happened, whatever the order in which they are heard.</summary>
public sealed class JobStoryTests
{
    [Theory]
    // The order in which the pool said it.
    [InlineData(1, "sent wait1 claim1a end1a wait2 claim2b proof2b check", "sent wait1 claim1a end1a wait2 claim2b proof2b check")]
    // What comes late is not told after what came of it.
    [InlineData(1, "sent claim1a wait1 proof1a check", "sent wait1 claim1a proof1a check")]
    [InlineData(1, "sent proof1a claim1a wait1 check claim1a", "sent proof1a check")]
    [InlineData(1, "sent wait1 claim1a proof1a end1a", "sent wait1 claim1a proof1a")]
    [InlineData(1, "sent wait1 end1a claim1a wait1", "sent wait1 end1a")]
    [InlineData(1, "sent wait1 claim2b end1a proof2b", "sent wait1 wait2 claim2b proof2b")]
    [InlineData(1, "sent wait1 defer claim1a defer", "sent wait1 claim1a")]
    [InlineData(1, "sent defer wait1", "sent defer wait1")]
    // Why it waits again comes first, though it is heard later; and where it is lost, the next answer tells the rest.
    [InlineData(1, "sent wait1 claim1a wait2 end1a claim2b", "sent wait1 claim1a end1a wait2 claim2b")]
    [InlineData(1, "sent wait1 claim1a wait2 claim2b end1a", "sent wait1 claim1a wait2 claim2b")]
    [InlineData(1, "sent wait1 claim1a wait2 wait2 end1a", "sent wait1 claim1a wait2")]
    [InlineData(1, "sent wait1 claim1a wait2 none2", "sent wait1 claim1a none2")]
    // Repeated answers say the same again.
    [InlineData(1, "sent none1 none1 wait1 wait1 claim1a claim1a", "sent none1 wait1 claim1a")]
    // One of several replicas goes on while another's attempt has ended.
    [InlineData(2, "sent wait1 claim1a claim1b end1a wait2 proof1b claim2c end2c wait3", "sent wait1 claim1a claim1b end1a wait2 proof1b claim2c end2c wait3")]
    [InlineData(2, "sent wait1 claim1a claim1b end1a wait2 end1b", "sent wait1 claim1a claim1b end1a wait2 end1b")]
    [InlineData(2, "sent wait1 claim1a proof1a proof1b claim1b", "sent wait1 claim1a proof1a proof1b")]
    public async Task Lines_come_in_the_order_of_what_happened(int replicas, string heard, string told)
    {
        var story = new JobStory(replicas);
        foreach (var word in heard.Split(' '))
        {
            story.Tell(Step(word));
        }

        story.End();
        var words = new List<string>();
        await foreach (var step in story.Steps)
        {
            words.Add(step.Text == JobStory.Implied ? $"wait{step.Attempt}" : step.Text);
        }

        Assert.Equal(told, string.Join(' ', words));
        Assert.Equal(words[^1], story.Latest!.Text);
    }

    private static JobProgress Step(string word)
    {
        var stage = word.TrimEnd('a', 'b', 'c').TrimEnd('1', '2', '3') switch
        {
            "sent" => JobStage.Sent,
            "defer" => JobStage.Deferred,
            "wait" => JobStage.Waiting,
            "none" => JobStage.NoMiner,
            "claim" => JobStage.Claimed,
            "end" => JobStage.AttemptEnded,
            "proof" => JobStage.Proved,
            "check" => JobStage.Checking,
            _ => throw new ArgumentException(word),
        };
        var attempt = word.FirstOrDefault(char.IsAsciiDigit);
        Identity.EnsName? miner = word[^1] switch { 'a' => Cast.Alice, 'b' when attempt != 0 => Cast.Bob, 'c' when attempt != 0 => Cast.Mallory, _ => null };
        return new JobProgress(stage, word, attempt == 0 ? 0 : attempt - '0', miner);
    }
}
