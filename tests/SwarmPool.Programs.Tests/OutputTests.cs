using System.Text;
using System.Text.Json;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Programs.Tests.Support;

namespace SwarmPool.Programs.Tests;

/// <summary>Streams that refuse what is written, or take nothing for a while.</summary>
public sealed class OutputTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_disk_that_was_full_costs_the_events_of_that_time_and_no_more()
    {
        using var world = new World();
        using var disk = new SmallDisk();
        var told = new List<long>();
        var printer = new Printer(told.Add);
        var events = new EventWriter(disk, printer, world.Time);
        events.Write("one", new { text = "before" });
        await disk.HasAsync("before");
        disk.Room = 20; // A part of the next line is taken, as a disk does.
        events.Write("two", new { text = "lost" });
        events.Write("three", new { text = "lost, too" });
        await disk.RefusedAsync(2);
        disk.Room = int.MaxValue;
        events.Write("four", new { text = "after" });
        await printer.DisposeAsync();

        var lines = disk.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["one", null, "four", "left_out"], lines.Select(NameOf));
        Assert.Equal(2, JsonDocument.Parse(lines[^1]).RootElement.GetProperty("count").GetInt64());
        Assert.Equal([2], told);
    }

    [Fact]
    public async Task A_full_disk_at_the_end_is_told_and_no_fault()
    {
        using var world = new World();
        using var disk = new SmallDisk { Room = 0 };
        var told = new List<long>();
        var printer = new Printer(told.Add);
        new EventWriter(disk, printer, world.Time).Write("one", new { });
        await printer.DisposeAsync();
        Assert.Equal([1], told);
    }

    [Fact]
    public async Task What_stands_still_does_not_hold_up_the_end()
    {
        using var never = new ManualResetEventSlim();
        var printer = new Printer(_ => { });
        printer.Print(never.Wait);
        printer.Print(() => Assert.Fail("It was left out."));
        await printer.DisposeAsync().AsTask().WaitAsync(Long);
        never.Set();
    }

    [Fact]
    public async Task Who_writes_waits_for_a_stream_while_the_program_runs_and_for_seconds_once_it_is_to_stop()
    {
        using var stop = new CancellationTokenSource();
        using var stream = new StandingWriter();
        var writer = new PatientWriter(stream, stop.Token);
        var writing = Task.Run(() => writer.WriteLine("one"));
        await stream.Asked.WaitAsync(Long);
        Assert.False(writing.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Long));
        Assert.ThrowsAny<OperationCanceledException>(() => writer.WriteLine("at once: it waits no second time"));

        stream.GoOn();
        await AgainAsync(() => writer.WriteLine("two")); // It has got out meanwhile.
        Assert.Equal($"one{writer.NewLine}two{writer.NewLine}", stream.ToString());
    }

    [Fact]
    public void What_a_stream_refuses_is_thrown_to_who_wrote_it_but_on_standard_error()
    {
        using var full = new SmallDisk { Room = 0 };
        var writer = new PatientWriter(full, CancellationToken.None);
        Assert.Throws<IOException>(() => writer.WriteLine("text"));
        full.Room = int.MaxValue;
        writer.WriteLine("more");
        Assert.Equal("more" + writer.NewLine, full.Text);
        full.Room = 0;
        new QuietWriter(writer).WriteLine("nobody can be told");
        Assert.Equal("more" + writer.NewLine, full.Text);
    }

    private static async Task AgainAsync(Action write)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                write();
                return;
            }
            catch (OperationCanceledException) when (tries < 500)
            {
                await Task.Delay(20);
            }
        }
    }

    private static string? NameOf(string line)
    {
        try
        {
            return JsonDocument.Parse(line).RootElement.GetProperty("event").GetString();
        }
        catch (JsonException)
        {
            return null; // The torn one.
        }
    }

    /// <summary>Has room for so many characters; takes what fits, then refuses.</summary>
    private sealed class SmallDisk : TextWriter
    {
        private readonly Lock gate = new();
        private readonly StringBuilder taken = new();
        private int refused;

        public int Room { get; set; } = int.MaxValue;

        public override Encoding Encoding => Encoding.UTF8;

        public string Text
        {
            get
            {
                lock (gate)
                {
                    return taken.ToString();
                }
            }
        }

        public Task HasAsync(string text) => UntilAsync(() => Text.Contains(text, StringComparison.Ordinal));

        public Task RefusedAsync(int times) => UntilAsync(() => Volatile.Read(ref refused) >= times);

        public override void Write(char value) => Write(value.ToString());

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void Write(string? value)
        {
            lock (gate)
            {
                var fits = Math.Min(Room, value!.Length);
                taken.Append(value, 0, fits);
                Room = Room == int.MaxValue ? Room : Room - fits;
                if (fits < value.Length)
                {
                    Interlocked.Increment(ref refused);
                    throw new IOException("No space left on device");
                }
            }
        }

        private static async Task UntilAsync(Func<bool> isSo)
        {
            using var limit = new CancellationTokenSource(Long);
            while (!isSo())
            {
                await Task.Delay(5, limit.Token);
            }
        }
    }

    /// <summary>Takes nothing until it goes on.</summary>
    private sealed class StandingWriter : StringWriter
    {
        private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim goesOn = new();

        public Task Asked => asked.Task;

        public void GoOn() => goesOn.Set();

        public override void Write(string? value)
        {
            asked.TrySetResult();
            goesOn.Wait();
            base.Write(value);
        }

        protected override void Dispose(bool disposing)
        {
            goesOn.Dispose();
            base.Dispose(disposing);
        }
    }
}
