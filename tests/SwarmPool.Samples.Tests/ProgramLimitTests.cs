using System.Text;
using CustomBackend;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;

namespace SwarmPool.Samples.Tests;

/// <summary>What a program may do, and what becomes of one that does more.</summary>
public sealed class ProgramLimitTests
{
    [Fact]
    public async Task Its_answer_is_its_stdout_and_its_progress_is_told()
    {
        var told = new List<int>();
        var result = await RunAsync(Programs.Shell("echo progress 40 >&2; cat"), "hello", new Told(told));
        Assert.Equal("hello", result);
        Assert.Equal([0, 40], told);
    }

    [Fact]
    public async Task The_hash_that_a_proof_names_is_that_of_the_file_that_a_link_leads_to_now()
    {
        var folder = Directory.CreateTempSubdirectory("swarmpool-samples-");
        try
        {
            foreach (var version in (string[])["1", "2"])
            {
                var weights = Path.Combine(folder.CreateSubdirectory(version).FullName, "weights");
                await File.WriteAllTextAsync(weights, version);
                File.SetLastWriteTimeUtc(weights, DateTime.UnixEpoch);
            }

            var (link, model) = (Path.Combine(folder.FullName, "now"), Programs.Shell("cat"));
            model.ModelFile = Path.Combine(link, "weights");
            await using var backend = Programs.Backend(model);
            foreach (var version in (string[])["1", "2"])
            {
                File.Delete(link);
                Directory.CreateSymbolicLink(link, version);
                var result = await backend.RunAsync(new InferenceRequest("m", "text", "x"u8.ToArray()), null, default);
                Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(version))), result.Class.ModelSha256);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_program_that_fails_is_a_failed_run_with_its_own_words() =>
        Assert.Contains("ended with 3", await RefusalAsync(Programs.Shell("echo no such weights >&2; exit 3"), "no such weights"), StringComparison.Ordinal);

    [Fact]
    public async Task A_program_that_says_nothing_gives_no_answer() => await RefusalAsync(Programs.Shell("exit 0"), "0 bytes of output");

    [Fact]
    public async Task A_program_that_says_too_much_is_killed()
    {
        var model = Programs.Shell("yes");
        model.MaxOutputBytes = 1_000;
        await RefusalAsync(model, "max_output_bytes");
    }

    [Fact]
    public async Task A_program_that_hangs_is_killed_with_all_it_started()
    {
        var folder = Directory.CreateTempSubdirectory("swarmpool-samples-");
        try
        {
            var pid = Path.Combine(folder.FullName, "pid");
            var model = Programs.Shell($"sleep 600 & echo $! > '{pid}'; wait");
            model.TimeLimitSeconds = 2;
            await RefusalAsync(model, "time_limit_seconds");
            var child = int.Parse(await File.ReadAllTextAsync(pid), System.Globalization.CultureInfo.InvariantCulture);

            // Killed by id; that it is gone is the system's to say, and is waited for.
            for (var i = 0; i < 600 && IsAlive(child); i++)
            {
                await Task.Delay(100);
            }

            Assert.False(IsAlive(child), "What the program started still runs.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_program_that_reads_nothing_is_no_fault() =>
        Assert.Equal("done\n", await RunAsync(Programs.Shell("echo done"), new string('x', 900_000)));

    [Fact]
    public async Task An_input_over_the_limit_is_refused_before_anything_starts()
    {
        var model = Programs.Shell("cat");
        model.MaxInputBytes = 3;
        await RefusalAsync(model, "max_input_bytes");
    }

    [Fact]
    public async Task The_miners_environment_and_files_are_not_the_programs()
    {
        Environment.SetEnvironmentVariable("SWARMPOOL_SAMPLE_SECRET", "0xkey");
        var said = await RunAsync(Programs.Shell("env; ls -A; pwd"), "");
        Assert.DoesNotContain("0xkey", said, StringComparison.Ordinal);
        Assert.Contains("PATH=", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(said.TrimEnd().Split('\n')[^1]));
    }

    [Fact]
    public async Task A_missing_program_is_named_with_the_fix()
    {
        await using var backend = Programs.Backend(Programs.Of("/no/such/program"));
        var fault = await Assert.ThrowsAsync<InferenceException>(async () => await backend.DescribeAsync(default));
        Assert.Contains("/no/such/program", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Fix executable", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_bad_option_is_told_at_once()
    {
        var options = new ProgramOptions { MaxParallel = 0, Models = { ["m"] = new ProgramModel { TimeLimitSeconds = 0 } } };
        Assert.Equal(4, new ProgramOptionsCheck().Validate(Options.DefaultName, options).Failures!.Count());
        Assert.Single(new ProgramOptionsCheck().Validate(Options.DefaultName, new ProgramOptions()).Failures!);
    }

    private static async Task<string> RunAsync(ProgramModel model, string input, IProgress<int>? progress = null)
    {
        await using var backend = Programs.Backend(model);
        var result = await backend.RunAsync(new InferenceRequest("m", "text", Encoding.UTF8.GetBytes(input)), progress, default);
        return Encoding.UTF8.GetString(result.Output.Span);
    }

    private static async Task<string> RefusalAsync(ProgramModel model, string because)
    {
        var refusal = await Assert.ThrowsAsync<InferenceException>(() => RunAsync(model, "input"));
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }

    private static bool IsAlive(int id) =>
        File.Exists($"/proc/{id}/status") && !File.ReadAllText($"/proc/{id}/status").Contains("State:\tZ", StringComparison.Ordinal);

    private sealed class Told(List<int> values) : IProgress<int>
    {
        public void Report(int value) => values.Add(value);
    }
}
