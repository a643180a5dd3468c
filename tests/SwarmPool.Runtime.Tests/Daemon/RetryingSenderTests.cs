using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Tests.Support;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class OutboxTests
{
    [Fact]
    public async Task An_answer_that_comes_in_the_moment_the_wait_for_it_ends_is_an_answer()
    {
        var time = new FakeTimeProvider();
        await using var transport = new MemoryTransport(new MemoryNet());
        await transport.StartAsync(default);
        var outbox = new RetryingSender(transport, Messages.Pool, time, NullLogger<RetryingSender>.Instance);
        var job = await TestNetwork.SignAsync(new Messages(() => 1).Job());
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // On a scheduler with one place: the wait is over, what comes of that waits for its turn, and meanwhile the answer is there.
        var one = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var sending = Task.Factory.StartNew(() => outbox.SendUntilAsync(job, answered.Task, default), default, TaskCreationOptions.None, one).Unwrap();
        while (!sending.IsCompleted)
        {
            await Task.Factory.StartNew(
                () =>
                {
                    var advancing = new Thread(() => time.Advance(TimeSpan.FromSeconds(1)));
                    advancing.Start();
                    advancing.Join();
                    answered.TrySetResult();
                },
                default, TaskCreationOptions.None, one);
        }

        await sending;
    }
}
