using System.Diagnostics;
using System.Text;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Backends;
using static SwarmPool.Samples.Tests.WrongBackends;

namespace SwarmPool.Samples.Tests;

/// <summary>
/// A backend that ends its process, in each way: what was under way is told what happened, by a stable code, and the next call is as if nothing
/// had been.
/// </summary>
public sealed class BackendProcessTests : IDisposable
{
    private static readonly BackendLimits Strict = new() { MemoryBytes = 384 << 20, CancelGrace = TimeSpan.FromSeconds(1) };

    private readonly WrongBackends backends = new();

    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("fails", ErrorCodes.BackendEndedProcess, "by signal 6 (abort)")]
    [InlineData("exits", ErrorCodes.BackendEndedProcess, "The test backend ended its process with exit code 7, at work on the model wrong.")]
    [InlineData("kills", ErrorCodes.BackendEndedProcess, "The test backend ended its process by signal 9 (killed: by the system for want of memory, or by somebody), at work on the model wrong.")]
    [InlineData("faults", ErrorCodes.BackendEndedProcess, "The test backend ended its process by signal")]
    [InlineData("recurses", ErrorCodes.BackendEndedProcess, "The test backend ended its process by ")]
    [InlineData("takes", ErrorCodes.BackendTookMemory, "The test backend took more than 384 MiB of memory (backend_memory_bytes), and its process was ended, at work on the model wrong.")]
    [InlineData("writes", ErrorCodes.BackendMalformed, "The test backend gave what is no answer")]
    public async Task Whatever_it_does_is_told_and_the_next_run_is_right(string wrong, string code, string said)
    {
        await using var backend = backends.Make(Strict);
        var refusal = await RefusalAsync(backend, Wrong, wrong);
        Assert.StartsWith($"{code}: ", refusal, StringComparison.Ordinal);
        Assert.Contains(said, refusal, StringComparison.Ordinal);

        Assert.Equal("NEXT", await AnswerAsync(backend, Mended, "next"));
    }

    [Fact]
    public async Task A_loop_ends_with_its_process_once_it_is_cancelled()
    {
        await using var backend = backends.Make(Strict);
        Assert.Equal("FIRST", await AnswerAsync(backend, Mended, "first"));
        var first = backend.ProcessId;
        using var limit = new CancellationTokenSource();
        var run = backend.RunAsync(Of(Wrong, "loops"), null, limit.Token).AsTask();
        var beside = AnswerAsync(backend, Mended, "beside");
        Assert.Equal("BESIDE", await beside);

        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience));
        Assert.Equal("NEXT", await AnswerAsync(backend, Mended, "next"));
        Assert.NotEqual(first, backend.ProcessId);
    }

    [Fact]
    public async Task A_run_that_ends_when_it_is_cancelled_costs_nobody_the_process()
    {
        await using var backend = backends.Make();
        Assert.Equal("FIRST", await AnswerAsync(backend, Mended, "first"));
        var first = backend.ProcessId;
        using var limit = new CancellationTokenSource();
        var run = backend.RunAsync(Of(Mended, "wait"), null, limit.Token).AsTask();
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience));
        Assert.Equal("NEXT", await AnswerAsync(backend, Mended, "next"));
        Assert.Equal(first, backend.ProcessId);
    }

    /// <summary>Stopped as by a debugger: nothing in it answers, and nothing in it has ended.</summary>
    [Fact]
    public async Task A_process_that_gives_no_sign_of_life_is_ended()
    {
        await using var backend = backends.Make(new BackendLimits { AskEvery = TimeSpan.FromMilliseconds(200), Silence = TimeSpan.FromSeconds(8) });
        var refusal = await RefusalAsync(backend, Wrong, "stops");
        Assert.Equal($"{ErrorCodes.BackendHung}: The test backend gave no sign of life for 8 s, and its process was ended, at work on the model wrong.", refusal);
        Assert.Equal("NEXT", await AnswerAsync(backend, Mended, "next"));
    }

    [Fact]
    public async Task What_is_written_to_its_output_is_no_answer_and_does_no_harm()
    {
        await using var backend = backends.Make();
        Assert.Equal("PRINTS", await AnswerAsync(backend, Wrong, "prints"));
        Assert.Equal("NEXT", await AnswerAsync(backend, Mended, "next"));
    }

    [Fact]
    public async Task Its_end_while_it_loads_a_model_is_told()
    {
        await using var backend = backends.Make(section: ("loading", "kills"));
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.LoadAsync(Wrong, default));
        Assert.StartsWith($"{ErrorCodes.BackendEndedProcess}: The test backend ended its process by signal 9", refused.Message, StringComparison.Ordinal);
        Assert.Equal("NEXT", await AnswerAsync(backend, Mended, "next"));
    }

    [Fact]
    public async Task Its_end_while_nothing_is_under_way_is_nobodys_failure()
    {
        await using var backend = backends.Make();
        Assert.Equal("SOON", await AnswerAsync(backend, Wrong, "soon"));
        var until = Stopwatch.StartNew();
        while (backend.ProcessId is not null)
        {
            Assert.True(until.Elapsed < Patience, "It goes on.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal("NEXT", await AnswerAsync(backend, Mended, "next"));
        Assert.Empty(backend.Deaths.Withdrawn);
    }

    [Fact]
    public async Task Its_end_between_two_chunks_comes_after_the_first()
    {
        await using var backend = backends.Make();
        var chunks = backend.StreamAsync(Of(Wrong, "kills"), null, default).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal("one", Encoding.UTF8.GetString(chunks.Current.Delta.Span));
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await chunks.MoveNextAsync());
        Assert.StartsWith($"{ErrorCodes.BackendEndedProcess}: ", refused.Message, StringComparison.Ordinal);
        await chunks.DisposeAsync();
        Assert.Equal("NEXT", await AnswerAsync(backend, Mended, "next"));
    }

    [Fact]
    public async Task Its_end_between_two_tokens_ends_the_sequence_alone()
    {
        await using var backend = backends.Make();
        var model = (await backend.OpenTokensAsync(Wrong, default))!;
        await using var sequence = await model.BeginAsync(default);
        await sequence.AppendAsync(await model.EncodeAsync(TokenPrompt.OfText("abc"), default), default);
        var refused = await Assert.ThrowsAsync<InferenceException>(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await sequence.AppendAsync(new[] { 7 }, default);
            }
        });
        Assert.StartsWith($"{ErrorCodes.BackendEndedProcess}: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(6, sequence.Length);

        await using var another = await model.BeginAsync(default);
        Assert.Equal(1, (await another.AppendAsync(new[] { 7 }, default)).Span[8]);
    }

    [Fact]
    public async Task Its_end_with_the_miners_is_no_failure_and_leaves_no_process()
    {
        var backend = backends.Make();
        Assert.Equal("FIRST", await AnswerAsync(backend, Mended, "first"));
        using var own = Process.GetProcessById(backend.ProcessId!.Value);
        var run = backend.RunAsync(Of(Mended, "wait"), null, default).AsTask();
        await backend.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => run.WaitAsync(Patience));
        using var limit = new CancellationTokenSource(Patience);
        await own.WaitForExitAsync(limit.Token);
        Assert.Empty(backend.Deaths.Withdrawn);
    }

    [Fact]
    public async Task One_that_can_not_be_made_is_told_with_why()
    {
        await using var exits = backends.Make(section: ("making", "exits"));
        Assert.StartsWith($"{ErrorCodes.BackendProcessUnusable}: The test backend could not be made in a process of its own: ended its process with exit code 7", await RefusalAsync(exits, Mended, "x"), StringComparison.Ordinal);

        await using var missing = backends.Make(program: new BackendProgram("/no/such/program", [BackendProgram.Argument]));
        Assert.Contains("/no/such/program backend-process", await RefusalAsync(missing, Mended, "x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_ends_it_three_times_in_a_row_is_not_run_any_more()
    {
        await using var backend = backends.Make();
        await RefusalAsync(backend, Wrong, "kills");
        await RefusalAsync(backend, Wrong, "kills");
        Assert.Equal("FINE", await AnswerAsync(backend, Wrong, "fine")); // Not in a row.
        for (var i = 0; i < BackendDeaths.Enough; i++)
        {
            Assert.Empty(backend.Deaths.Withdrawn);
            Assert.StartsWith($"{ErrorCodes.BackendEndedProcess}: ", await RefusalAsync(backend, Wrong, "kills"), StringComparison.Ordinal);
        }

        Assert.Equal([Wrong], backend.Deaths.Withdrawn.Keys);
        Assert.Contains("3 times in a row: it is not run here any more", await RefusalAsync(backend, Wrong, "fine"), StringComparison.Ordinal);
        Assert.Equal("NEXT", await AnswerAsync(backend, Mended, "next"));
    }

    /// <summary>The miner's key is in its environment, and a backend needs none of it.</summary>
    [Fact]
    public async Task It_finds_no_secret_in_its_environment()
    {
        Environment.SetEnvironmentVariable("SWARMPOOL_SECRET_OF_THE_TEST", "one");
        Environment.SetEnvironmentVariable("TEST_PRIVATE_KEY", "two");
        await using var backend = backends.Make();
        Assert.Equal("TRUE", await AnswerAsync(backend, Mended, "key"));
    }

    /// <summary>The end of the program that it serves is the end of its process, whatever the backend does.</summary>
    [Fact]
    public async Task It_is_gone_when_the_program_is()
    {
        using var own = Process.Start(new ProcessStartInfo(Program.FileName, Program.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        own.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        await own.WaitForExitAsync(limit.Token);
        Assert.NotEqual(0, own.ExitCode);
    }

    public void Dispose() => backends.Dispose();
}
