using Microsoft.Extensions.Time.Testing;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Runtime.Tests.Roles;

/// <summary>What takes longer than a second is told, once, with why; and its end when it came.</summary>
public sealed class WaitsTests
{
    private static readonly Wait Broker = new("the MQTT broker", "mqtt://127.0.0.1:18830", TimeSpan.FromSeconds(30));

    private readonly FakeTimeProvider time = new();
    private readonly RecordingWaits told = new();

    private Waits Waits => new([told], time);

    [Fact]
    public async Task What_takes_long_is_told_with_what_is_known_then_and_so_is_its_end()
    {
        var there = new TaskCompletionSource<int>();
        var problem = "not asked yet";
        var waiting = Waits.RunAsync(Broker, () => there.Task, () => problem);
        time.Advance(TimeSpan.FromMilliseconds(749));
        Assert.Empty(told.Lines);

        problem = "connection refused";
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["waiting the MQTT broker mqtt://127.0.0.1:18830 30 connection refused"], told.Lines);
        time.Advance(TimeSpan.FromMilliseconds(11_250));
        there.SetResult(7);
        Assert.Equal(7, await waiting);
        Assert.Equal("ended the MQTT broker 12", told.Lines[^1]);
        Assert.Equal(2, told.Lines.Count);
    }

    [Fact]
    public async Task What_is_there_at_once_is_not_told()
    {
        await Waits.RunAsync(Broker, () => Task.CompletedTask);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(told.Lines);
    }

    [Fact]
    public async Task What_was_given_up_has_not_come()
    {
        var there = new TaskCompletionSource();
        var waiting = Waits.RunAsync(Broker, () => there.Task);
        time.Advance(TimeSpan.FromSeconds(30));
        there.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        Assert.StartsWith("waiting ", Assert.Single(told.Lines), StringComparison.Ordinal);
    }

    internal sealed class RecordingWaits : IWaitObserver
    {
        private readonly List<string> lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (lines)
                {
                    return [.. lines];
                }
            }
        }

        public void Waiting(Wait wait) => Add($"waiting {wait.For} {wait.Where} {wait.AtMost?.TotalSeconds} {wait.Problem}");

        public void WaitEnded(Wait wait, TimeSpan after) => Add($"ended {wait.For} {after.TotalSeconds:0}");

        private void Add(string line)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }
}
